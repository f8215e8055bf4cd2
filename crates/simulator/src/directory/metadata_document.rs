//! `/$metadata`: the types that the simulator knows, as CSDL.

use super::errors::{Answer, Body, Reply};
use super::route::Endpoint;
use super::schema::{Kind, MODEL, Property, Type};
use crate::behaviours::Label::Documented;
use agentuser_core::http::Method::Get;
use std::fmt::Write as _;
use std::sync::LazyLock;

/// The endpoint of the metadata document.
pub(super) const ROUTES: &[Endpoint] =
    &[Endpoint::new(Get, "/$metadata", Documented("traverse-the-graph"), |_, _, _| answer())];

/// The sets of objects, and what stands alone, that have routes here.
const SETS: &[(&str, &str)] = &[
    ("applications", "application"),
    ("directoryObjects", "directoryObject"),
    ("domains", "domain"),
    ("groups", "group"),
    ("oauth2PermissionGrants", "oAuth2PermissionGrant"),
    ("organization", "organization"),
    ("servicePrincipals", "servicePrincipal"),
    ("subscribedSkus", "subscribedSku"),
    ("users", "user"),
];

static DOCUMENT: LazyLock<String> = LazyLock::new(document);

fn answer() -> Answer {
    Ok(Reply { status: 200, body: Body::Xml(&DOCUMENT) })
}

fn document() -> String {
    let mut xml = String::from(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n\
         <edmx:Edmx Version=\"4.0\" xmlns:edmx=\"http://docs.oasis-open.org/odata/ns/edmx\">\n\
         <edmx:DataServices>\n\
         <Schema Namespace=\"microsoft.graph\" Alias=\"graph\" xmlns=\"http://docs.oasis-open.org/odata/ns/edm\">\n\
         <!-- The types that the simulator knows, not all of Microsoft Graph's. -->\n",
    );
    for (name, one) in MODEL.types() {
        write_type(&mut xml, name, one);
    }
    xml.push_str("<EntityContainer Name=\"GraphService\">\n");
    for (set, of) in SETS {
        // Writing to a string cannot fail.
        let _ = writeln!(xml, "<EntitySet Name=\"{set}\" EntityType=\"microsoft.graph.{of}\" />");
    }
    xml.push_str("<Singleton Name=\"me\" Type=\"microsoft.graph.user\" />\n");
    xml.push_str("</EntityContainer>\n</Schema>\n</edmx:DataServices>\n</edmx:Edmx>\n");
    xml
}

fn write_type(xml: &mut String, name: &str, one: &Type) {
    let element = match one.kind {
        Kind::Entity => "EntityType",
        Kind::Complex => "ComplexType",
        Kind::Enum => "EnumType",
    };
    let base = one.base.map_or_else(String::new, |base| format!(" BaseType=\"graph.{base}\""));
    let open = if one.is_open { " OpenType=\"true\"" } else { "" };
    let _ = writeln!(xml, "<{element} Name=\"{name}\"{base}{open}>");
    if name == "entity" {
        xml.push_str("<Key><PropertyRef Name=\"id\" /></Key>\n");
    }
    for (value, member) in one.values.iter().enumerate() {
        let _ = writeln!(xml, "<Member Name=\"{member}\" Value=\"{value}\" />");
    }
    for property in &one.properties {
        write_property(xml, property);
    }
    let _ = writeln!(xml, "</{element}>");
}

fn write_property(xml: &mut String, property: &Property) {
    let known = MODEL.get(property.of).is_some();
    // A relationship to a type that is not here would break the document.
    if property.is_relationship && !known {
        return;
    }
    let one = if known { format!("graph.{}", property.of) } else { format!("Edm.{}", property.of) };
    let of = if property.is_list { format!("Collection({one})") } else { one };
    let element = if property.is_relationship { "NavigationProperty" } else { "Property" };
    let nullable = if property.is_nullable || property.is_relationship { "" } else { " Nullable=\"false\"" };
    let _ = writeln!(xml, "<{element} Name=\"{}\" Type=\"{of}\"{nullable} />", property.name);
}
