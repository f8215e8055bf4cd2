namespace AgentUsers.PowerShell.Host;

internal static partial class FormatViews
{
    /// <summary>The name of the object of a report; in a report of permissions for a user, the agent identity and the user.</summary>
    private const string ReportName =
        "if (-not $_.UserPrincipalName) { if ($_.DisplayName) { $_.DisplayName } else { $_.Id } } elseif ($_.Kind -eq 'AgentIdentity' -and $_.DisplayName) { \"$($_.DisplayName) for $($_.UserPrincipalName)\" } else { $_.UserPrincipalName }";

    /// <summary>Details of a report: its problem, or its changes, without the creation where the outcome tells it; of one that was stopped, what is done.</summary>
    private const string Details =
        "if ($_.Outcome -eq 'Cancelled') { $done = @($_.Changes | Where-Object Applied); if ($done) { 'done before the stop: ' + ($done -join '; ') } else { 'nothing was done' } } " +
        "elseif ($_.Problem) { $_.Problem.ToString() } else { $isPlanned = $_.Outcome -eq 'Planned'; @($_.Changes | ForEach-Object { if ($_.Change -ne 'Create') { $_ } elseif ($isPlanned) { 'create' } }) -join '; ' }";

    /// <summary>A permission by its names, with its resource, and with its user where that is not the agent user itself.</summary>
    private const string Permission =
        "$names = if ($_.Kind -eq 'Inheritable') { @($(if ($_.InheritableScopes) { \"scopes: $($_.InheritableScopes)\" }), $(if ($_.InheritableRoles) { \"roles: $($_.InheritableRoles)\" }) | Where-Object { $_ }) -join '; ' } elseif ($_.AppRole) { $_.AppRole } else { $_.Scope -join ', ' }; " +
        "@($(if ($_.Resource) { \"$names of $($_.Resource)\" } else { $names }), $(if ($_.AllPrincipals) { 'for all users' } elseif ($_.User -and $_.User -ne $_.AgentId) { \"for $($_.User)\" }) | Where-Object { $_ }) -join ', '";

    private static FormatView[] AgentUsers =>
    [
        Table("PSAgentUser", SignInName("UserPrincipalName", 34), State("Enabled", Disabled, 7, "AccountEnabled"), Word("Location", 8, "UsageLocation"), Text("DisplayName")),
        Table("PSAgentUser", "Ids", [Word("Id", 36), SignInName("UserPrincipalName")]),
        Table("PSAgentUser", "Parents", [Word("IdentityParentId", 36), SignInName("UserPrincipalName")]),
        Table("PSAgentUser", "Licenses", [SignInName("UserPrincipalName", 32), Word("Location", 8, "UsageLocation"), Joined("AssignedLicenses")]),
        Wide("PSAgentUser", "UserPrincipalName"),
        List(
            "PSAgentUser",
            [
                .. Words("UserPrincipalName", "DisplayName", "Id", "IdentityParentId"), State("AccountEnabled", Disabled), Word("UserType"),
                .. Words("Mail", "MailNickname", "UsageLocation", "PreferredLanguage", "GivenName", "Surname", "JobTitle", "Department", "CompanyName"),
                Joined("Manager"), Joined("Sponsors"), .. Words("EmployeeId", "EmployeeType"), Moment("EmployeeHireDate"), Moment("EmployeeLeaveDateTime"),
                .. Words("OfficeLocation", "StreetAddress", "City", "State", "PostalCode", "Country", "MobilePhone"), Joined("BusinessPhones"),
                Joined("OtherMails"), Joined("ProxyAddresses"), Joined("AssignedLicenses"),
                Moment("CreatedDateTime"), Moment("DeletedDateTime"), Word("AdditionalMembers"),
            ]),
    ];

    private static FormatView[] Identities =>
    [
        Table("PSAgentIdentity", Word("Id", 36), State("Enabled", Disabled, 7, "AccountEnabled"), Text("DisplayName")),
        Table("PSAgentIdentity", "Blueprints", [Word("AgentIdentityBlueprintId", 36), Text("DisplayName")]),
        Wide("PSAgentIdentity", "DisplayName"),
        List(
            "PSAgentIdentity",
            [
                .. Words("DisplayName", "Id"), State("AccountEnabled", Disabled), .. Words("AppId", "AgentIdentityBlueprintId", "ServicePrincipalType"),
                Word("DisabledByMicrosoftStatus"), Moment("CreatedDateTime"), Joined("Sponsors"), Joined("Owners"), Text("Lifecycle"),
            ]),
        Table("PSAgentIdentityBlueprint", Word("AppId", 36), Text("DisplayName")),
        List(
            "PSAgentIdentityBlueprint",
            [.. Words("DisplayName", "AppId", "Id"), Text("Description"), Moment("CreatedDateTime"), Word("DisabledByMicrosoftStatus")]),
        Table(
            "PSAgentIdentityBlueprintChain",
            State("Verdict", Verdicts, 10), Text("DisplayName", 24), Text("Details", shown: "@(\"$(@($_.Links).Count) objects\") + @($_.Remarks) -join \"`n\"")),
        Table("PSAgentIdentityChainLink", Word("Part", 18), Word("State", 20), SignInName("Name")),
        Table(
            "PSAgentIdentityPermission",
            SignInName("Agent", 26), Word("Kind", 11), Text("Permission", shown: Permission)),
        List(
            "PSAgentIdentityPermission",
            [
                .. Words("Agent", "AgentId", "Kind"), Joined("Scope"), .. Words("AppRole", "InheritableScopes", "InheritableRoles", "Resource", "ResourceAppId"),
                .. Words("AllPrincipals", "User", "AgentIdentityId", "Blueprint"),
            ]),
        Table("PSAgentIdentityTokenPermission", State("State", "Carried = 'BrightGreen'; Unknown = 'BrightYellow'", 8), Word("Permission")),
        Table("PSDirectoryObject", SignInName("UserPrincipalName", 34, "if ($_.UserPrincipalName) { $_.UserPrincipalName } else { $_.Id }"), Text("Type", 10), Text("DisplayName")),
    ];

    private static FormatView[] Reports =>
    [
        Table("PSAgentUserReport", Number("Row", 5), State("Outcome", Outcomes, 9), SignInName("Name", 28, ReportName), Text("Details", shown: Details)),
        List(
            "PSAgentUserReport",
            [
                .. Words("Row", "UserPrincipalName", "DisplayName", "Kind", "Id", "IdentityParentId"), State("Outcome", Outcomes), Word("Stage"),
                Lines("Changes"), Lines("Remarks"), Text("Problem"),
            ]),
        Table("PSAgentUserChange", Word("Applied", 7), Word("Change", 16), Text("Member", 18), Text("From", 12), SignInName("To")),
        new(
            FormatKind.List, "AgentUserProblem", [Full("PSAgentUserProblem"), "AgentUsers.Problem"],
            Word("Code"), Text("Message"), Text("Cause"), Text("Fix"), Joined("Permissions"), Word("Field"), Word("Status"), Word("GraphCode"), Text("GraphMessage"),
            Word("RetryAfter"), Word("RequestId"), Word("ClientRequestId"), Word("RunId"), Word("Documentation"), Lines("Others")),
        Table(
            "PSAgentUserValidation",
            State("Valid", "False = 'BrightRed'", 5, "IsValid"), SignInName("Tested", 22, "if ($_.Path) { Split-Path -Leaf $_.Path } else { $_.UserPrincipalName }"),
            Text("Violations", shown: "@($_.Violations | ForEach-Object { \"$_ ($($_.Code))\" }) -join \"`n\"")),
        Table("PSAgentUserViolation", Number("Row", 4), Pointed("Column", 17) with { Shown = "Field" }, Word("Code", 25), Text("Details", shown: "\"$($_.Message) $($_.Fix)\"")),
        List("PSAgentUserHelp", Word("Code"), Text("Message"), Text("Cause"), Text("Fix"), Joined("Permissions"), Word("Kind"), Word("Documentation")),
    ];

    private static FormatView[] Relations =>
    [
        Table("PSAgentUserSku", Word("SkuPartNumber", 30), State("Free", "'0' = 'BrightRed'", 6) with { IsNumber = true },
            Number("Used", 6, "ConsumedUnits"), Number("Seats", 6, "EnabledUnits"), Word("State", shown: "CapabilityStatus")),
        List(
            "PSAgentUserSku",
            [
                .. Words("SkuPartNumber", "Free", "ConsumedUnits", "EnabledUnits", "WarningUnits", "SuspendedUnits", "CapabilityStatus"),
                Joined("ServicePlans"), Word("SkuId"),
            ]),
        Table(
            "PSAgentUserLicense",
            SignInName("AgentUser", 26), Word("License", 16, "SkuPartNumber"),
            State("State", "Active = 'BrightGreen'; Disabled = 'BrightRed'; Error = 'BrightRed'; ActiveWithError = 'BrightRed'", 15),
            Text("Details", shown: "@($(if ($_.Problem) { $_.Problem.ToString() }), $(if ($_.Group) { \"by group $($_.Group)\" }), $(if ($_.DisabledPlans.Count) { \"without $($_.DisabledPlans)\" }) | Where-Object { $_ }) -join '; '")),
        List(
            "PSAgentUserLicense",
            [.. Words("AgentUser", "SkuPartNumber", "ProductName", "State", "Group"), Joined("DisabledPlans"), Text("Problem"), Word("SkuId")]),
        Table(
            "PSAgentUserRelation",
            SignInName("AgentUser", 28), Word("Kind", 10),
            Text("Name", shown: "$id = if ($_.UserPrincipalName) { $_.UserPrincipalName } else { $_.Id }; if ($_.DisplayName) { \"$($_.DisplayName) ($id)\" } else { $id }")),
        Table("PSAgentUserGroup", SignInName("AgentUser", 26), Word("Id", 36), Text("DisplayName")),
        Table(
            "PSAgentUserAccess",
            SignInName("AgentUser", 26), Word("Kind", 11),
            Text("Access", shown: "@($_.Name, $(if ($_.Resource) { \"of $($_.Resource)\" }), $(if ($_.SourceName) { \"by $($_.Source) $($_.SourceName)\" } elseif ($_.Source) { \"by $($_.Source)\" }) | Where-Object { $_ }) -join ', '")),
    ];

    private static FormatView[] Audits =>
    [
        Table(
            "PSAgentUserFinding",
            State("Severity", Severities, 8), Word("State", 10), new FormatColumn("Rule", "Rule", 20) { Breaks = "-" },
            Text("Details", shown: "$whom = if ($_.UserPrincipalName) { $_.UserPrincipalName } else { $_.Subject }; \"${whom}: $($_.Message)\"")),
        List(
            "PSAgentUserFinding",
            State("Severity", Severities), Word("Rule"), Word("UserPrincipalName"), Word("State"), Text("Message"), Text("Fix"), Word("Id"), Word("Subject"),
            Word("SubjectKind"), Word("ReasonCode"), Joined("MissingPermissions"), Word("Comparison")),
        Table(
            "PSAgentUserAudit",
            Number("High", 6), Number("Medium", 6), Number("Low", 6), Number("Info", 6), Number("NotChecked", 10), Number("Accepted", 8), Moment("TakenAt")),
        List("PSAgentUserAudit", [.. Words("TenantId", "Account"), Moment("TakenAt"), Moment("JudgedAt"), .. Words("High", "Medium", "Low", "Info", "Accepted", "NotChecked"), Lines("Rules")]),
        Table("PSAgentUserAuditRule", State("Severity", Severities, 8), Word("Rule", 24), Number("Found", 7), Number("Clean", 7), Word("NotChecked")),
        Table(
            "PSAgentUserConnectionTest",
            State("Verdict", Verdicts, 10), Word("Test", 10), Text("Name", 28), Text("Details", shown: "@($_.Details, $_.Fix | Where-Object { $_ }) -join ' '")),
        Table("PSAgentUserPermission", Pointed("Permission", 34), Word("Need", 9), Word("Caller", 11), Text("When")),
    ];

    private static FormatView[] Plans =>
    [
        // A digest is copied, and has no room beside other columns.
        List("PSAgentUserPlan", [.. Words("Verb", "Objects"), Word("Changes", shown: "$_.Changes.Count"), .. Words("Digest", "TenantId", "Author"), Moment("CreatedAt"), Word("Path")]),
        Table("PSAgentUserPlan", Word("Verb", 15), Number("Objects", 7), Number("Changes", 7, "$_.Changes.Count"), Word("Digest")),
        Table("PSAgentUserPlannedChange", Number("Row", 5), SignInName("UserPrincipalName", 30), Text("Change")),
        Table("PSAgentUserName", Text("DisplayName", 24), Pointed("MailNickname", 20), SignInName("UserPrincipalName")),
    ];

    private static FormatView[] Session =>
    [
        new(
            FormatKind.Table, "AgentUserConnection", [Full("AgentUserConnection")],
            Word("Name", 10), SignInName("Account", 24), Word("SignIn", 16), Word("Graph")),
        new(FormatKind.Table, "AgentUserSimulator", [Full("AgentUserSimulatorSession")], Word("GraphEndpoint", 40), Word("Running", shown: "IsRunning")),
    ];
}
