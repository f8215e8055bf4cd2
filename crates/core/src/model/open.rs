//! Open types: structs that keep the members they do not know.
//!
//! serde's `flatten` buffers every value and doubles the time of a long list, so the visitor is written here.

/// The type that a getter returns for a member of some type.
pub trait View {
    /// The borrowed form.
    type Borrowed<'a>
    where
        Self: 'a;
    /// Borrows.
    fn view(&self) -> Self::Borrowed<'_>;
}

impl View for Option<String> {
    type Borrowed<'a> = Option<&'a str>;
    fn view(&self) -> Option<&str> {
        self.as_deref()
    }
}

impl<T> View for Vec<T> {
    type Borrowed<'a>
        = &'a [T]
    where
        T: 'a;
    fn view(&self) -> &[T] {
        self
    }
}

macro_rules! copied {
    ($($kind:ty),*) => {$(
        impl View for Option<$kind> {
            type Borrowed<'a> = Self;
            fn view(&self) -> Self {
                *self
            }
        }
    )*};
}
copied!(bool, i64, crate::ObjectId);

/// A member's value; null is absent. Not inlined: an open type has dozens of the same kind.
#[inline(never)]
pub(crate) fn member<'de, T, A>(map: &mut A) -> Result<T, A::Error>
where
    T: serde::Deserialize<'de> + Default,
    A: serde::de::MapAccess<'de>,
{
    Ok(map.next_value::<Option<T>>()?.unwrap_or_default())
}

/// Declares an open type: private members with getters, every one optional or a list; `null` is absent.
///
/// The members of `beside`, which lists do not read, take no room unless one of them is there.
macro_rules! open_type {
    (
        $(#[$doc:meta])* $name:ident { $($(#[$member_doc:meta])* $member:ident: $kind:ty = $wire:literal,)* }
        $(beside $beside:ident {
            $($(#[$beside_doc:meta])* $beside_member:ident: $beside_kind:ty = $beside_wire:literal,)*
        })?
    ) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Default)]
        pub struct $name {
            $($member: $kind,)*
            $(
                /// The members that lists do not read; `None` until one of them is there.
                beside: Option<Box<$beside>>,
            )?
            other: serde_json::Map<String, serde_json::Value>,
        }

        $(
            #[derive(Debug, Clone, PartialEq, Default)]
            struct $beside {
                $($beside_member: $beside_kind,)*
            }
        )?

        impl $name {
            $(
                $(#[$member_doc])*
                #[must_use]
                pub fn $member(&self) -> <$kind as $crate::model::open::View>::Borrowed<'_> {
                    $crate::model::open::View::view(&self.$member)
                }
            )*

            $($(
                $(#[$beside_doc])*
                #[must_use]
                pub fn $beside_member(&self) -> <$beside_kind as $crate::model::open::View>::Borrowed<'_> {
                    let view = |beside| {
                        let $beside { $beside_member, .. }: &$beside = beside;
                        $crate::model::open::View::view($beside_member)
                    };
                    self.beside.as_deref().map(view).unwrap_or_default()
                }
            )*)?

            /// The members this library has no name for, as they came.
            #[must_use]
            pub fn other(&self) -> &serde_json::Map<String, serde_json::Value> {
                &self.other
            }
        }

        const _: () = {
            #[allow(non_camel_case_types)]
            enum Key { $($member,)* $($($beside_member,)*)? Other(String) }

            impl<'de> serde::Deserialize<'de> for Key {
                fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                    struct Name;
                    impl serde::de::Visitor<'_> for Name {
                        type Value = Key;
                        fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                            f.write_str("a member name")
                        }
                        fn visit_str<E: serde::de::Error>(self, name: &str) -> Result<Key, E> {
                            Ok(match name {
                                $($wire => Key::$member,)*
                                $($($beside_wire => Key::$beside_member,)*)?
                                other => Key::Other(other.to_owned()),
                            })
                        }
                    }
                    deserializer.deserialize_identifier(Name)
                }
            }

            impl<'de> serde::Deserialize<'de> for $name {
                fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                    struct Object;
                    impl<'de> serde::de::Visitor<'de> for Object {
                        type Value = $name;
                        fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                            f.write_str("an object")
                        }
                        fn visit_map<A: serde::de::MapAccess<'de>>(self, mut map: A) -> Result<$name, A::Error> {
                            let mut object = $name::default();
                            while let Some(key) = map.next_key::<Key>()? {
                                match key {
                                    $(Key::$member => {
                                        object.$member = $crate::model::open::member(&mut map)?;
                                    })*
                                    $($(Key::$beside_member => {
                                        let value = map.next_value::<Option<$beside_kind>>()?.unwrap_or_default();
                                        if object.beside.is_some() || value != <$beside_kind>::default() {
                                            object.beside.get_or_insert_default().$beside_member = value;
                                        }
                                    })*)?
                                    Key::Other(name) => {
                                        object.other.insert(name, map.next_value()?);
                                    }
                                }
                            }
                            Ok(object)
                        }
                    }
                    deserializer.deserialize_map(Object)
                }
            }

            #[cfg(feature = "schema")]
            impl schemars::JsonSchema for $name {
                fn schema_name() -> std::borrow::Cow<'static, str> {
                    stringify!($name).into()
                }

                fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
                    $(#[$doc])*
                    #[derive(schemars::JsonSchema)]
                    #[allow(dead_code)]
                    struct Members {
                        $($(#[$member_doc])* #[schemars(rename = $wire, default)] $member: $kind,)*
                        $($(
                            $(#[$beside_doc])*
                            #[schemars(rename = $beside_wire, default)]
                            $beside_member: $beside_kind,
                        )*)?
                    }
                    Members::json_schema(generator)
                }
            }

            impl serde::Serialize for $name {
                /// The members that are set, under Graph's names, then the unknown ones, unchanged.
                fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                    use serde::ser::SerializeMap as _;
                    let mut map = serializer.serialize_map(None)?;
                    $(if self.$member != <$kind>::default() {
                        map.serialize_entry($wire, &self.$member)?;
                    })*
                    $(if let Some(beside) = &self.beside {
                        let $beside { $($beside_member,)* } = &**beside;
                        $(if *$beside_member != <$beside_kind>::default() {
                            map.serialize_entry($beside_wire, $beside_member)?;
                        })*
                    })?
                    for (name, value) in &self.other {
                        map.serialize_entry(name, value)?;
                    }
                    map.end()
                }
            }
        };
    };
}
pub(crate) use open_type;
