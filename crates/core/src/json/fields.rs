//! The text members of an agent user by number. The numbers never change: hosts read rows by them.

macro_rules! fields {
    ($($variant:ident = $number:literal, $name:literal;)*) => {
        /// A text member of an agent user. New numbers are appended; none changes.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[repr(u8)]
        #[non_exhaustive]
        pub enum Field {
            $(#[doc = concat!("`", $name, "`")] $variant = $number,)*
            /// All members that have no number here, as the text of a JSON object.
            Other = 28,
        }

        impl Field {
            /// Every field, in the order of the numbers.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)* Self::Other];

            /// The number of fields.
            pub const COUNT: usize = Self::ALL.len();

            /// Its number.
            #[must_use]
            pub const fn number(self) -> usize {
                self as usize
            }

            /// Graph's property name; `other` for the members without a number.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)*
                    Self::Other => "other",
                }
            }

            /// The field with this property name.
            pub(super) fn of(name: &str) -> Option<Self> {
                match name {
                    $($name => Some(Self::$variant),)*
                    _ => None,
                }
            }
        }
    };
}

fields! {
    Id = 0, "id";
    UserPrincipalName = 1, "userPrincipalName";
    DisplayName = 2, "displayName";
    MailNickname = 3, "mailNickname";
    IdentityParentId = 4, "identityParentId";
    UsageLocation = 5, "usageLocation";
    UserType = 6, "userType";
    Mail = 7, "mail";
    CreatedDateTime = 8, "createdDateTime";
    DeletedDateTime = 9, "deletedDateTime";
    GivenName = 10, "givenName";
    Surname = 11, "surname";
    JobTitle = 12, "jobTitle";
    Department = 13, "department";
    CompanyName = 14, "companyName";
    EmployeeId = 15, "employeeId";
    EmployeeType = 16, "employeeType";
    EmployeeHireDate = 17, "employeeHireDate";
    EmployeeLeaveDateTime = 18, "employeeLeaveDateTime";
    OfficeLocation = 19, "officeLocation";
    City = 20, "city";
    State = 21, "state";
    Country = 22, "country";
    StreetAddress = 23, "streetAddress";
    PostalCode = 24, "postalCode";
    PreferredLanguage = 25, "preferredLanguage";
    MobilePhone = 26, "mobilePhone";
    OdataType = 27, "@odata.type";
}

#[cfg(test)]
mod tests {
    use super::Field;

    #[test]
    fn numbers_count_up_and_names_lead_back() {
        for (number, field) in Field::ALL.iter().enumerate() {
            assert_eq!(field.number(), number, "{field:?}");
            let back = (*field != Field::Other).then_some(*field);
            assert_eq!(Field::of(field.name()), back);
        }
    }
}
