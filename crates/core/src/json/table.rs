//! The macros behind the two tables. The names in their bodies are those that the table's file imports.

/// Makes a `Parameter` of each entry.
///
/// An entry names the parameter and the type of its value. For each member of the request that it takes, it has a
/// variable, the member's name, the method of `Members` that reads it, and the member's type. At last comes the
/// expression that checks the variables; it notes broken rules in `source.violations`.
macro_rules! parameters {
    (($source:ident) $(
        $(#[doc = $about:literal])+
        $parameter:ident -> $value:ty {
            $($(#[doc = $doc:literal])+ $variable:ident $name:literal: $how:ident $member:ty,)*
        } = $check:expr;
    )*) => {$(
        $(#[doc = $about])+
        pub(super) struct $parameter;

        impl Parameter for $parameter {
            type Value = $value;

            // Not inlined, because many operations take the same parameter.
            #[inline(never)]
            fn read($source: &mut Source) -> Result<Option<$value>, Error> {
                $(let $variable = $source.members.$how::<$member>($name)?;)*
                Ok($check)
            }

            #[cfg(feature = "schema")]
            fn describe(shape: Shape<'_>) -> Shape<'_> {
                shape$(.$how::<$member>($name, &[$($doc),+]))*
            }
        }
    )*};
}

/// Makes `Request`, an enum with a variant for each entry, and everything that follows from the entries.
///
/// An entry has the operation's name in Rust and in JSON, its parameters, the type of its result and of its items, and
/// the flow, to which the parameters are variables, and which reads pages of agent users as `$page`: a host that has the first operations
/// alone keeps their users. `@first` marks those of `first`, which hosts can have without the others.
macro_rules! operations {
    (($graph:ident, $items:ident, $page:ident) $(
        $(#[doc = $doc:literal])+
        $(@$first:ident)? $operation:ident $name:literal ($($field:ident: $parameter:ty),*)
            -> $result:ty $(, each $item:ty)? => $flow:expr;
    )*) => {
        /// An operation and its checked parameters.
        #[derive(Debug, Clone)]
        pub(super) enum Request {
            $(
                $(#[doc = $doc])+
                $operation { $($field: <$parameter as Parameter>::Value),* },
            )*
        }

        impl Request {
            /// The names of all operations.
            pub(super) const NAMES: &'static [&'static str] = &[$($name),*];

            /// Reads the members of a request. None when a rule is broken.
            pub(super) fn read(
                source: &mut Source,
            ) -> Result<Option<Self>, serde_json::Error> {
                let name = source.members.discriminant("operation")?;
                Ok(match name.as_str() {
                    $($name => {
                        // All parameters are read before one is missed, so that every broken rule is noted.
                        $(let $field = <$parameter>::read(source)?;)*
                        $(let Some($field) = $field else { return Ok(None) };)*
                        Some(Self::$operation { $($field),* })
                    })*
                    _ => return Err(serde::de::Error::unknown_variant(&name, Self::NAMES)),
                })
            }

            /// Runs the operation to its result.
            pub(super) async fn run(
                self,
                $graph: Graph,
                $items: Items<Item>,
            ) -> Result<Output, Problem> {
                type $page = UserPage;
                match self {
                    $(Self::$operation { $($field),* } => {
                        let result: $result = $flow.await?.into();
                        Ending::into_output(result)
                    })*
                }
            }

            /// Reads the members of a request for one of the operations that are marked, so that nothing of the others is in a
            /// program that has these alone. None when a rule is broken.
            #[expect(unused_variables, reason = "few flows take graph and items both")]
            pub(super) fn read_first(source: &mut Source) -> Result<Option<First>, serde_json::Error> {
                type $page = PageDigest;
                let name = source.members.discriminant("operation")?;
                $(marked! { ($($first)?) if name == $name {
                    $(let $field = <$parameter>::read(source)?;)*
                    $(let Some($field) = $field else { return Ok(None) };)*
                    return Ok(Some(first(move |$graph, $items| async move {
                        let result: $result = $flow.await?.into();
                        Ending::into_output(result)
                    })));
                } })*
                Err(serde_json::Error::custom(format_args!("`{name}` is not one of the first operations")))
            }

            /// The shapes of every operation, for docs/schema.json.
            #[cfg(feature = "schema")]
            pub(super) fn describe(
                input: &mut schemars::SchemaGenerator,
                output: &mut schemars::SchemaGenerator,
            ) -> Vec<Described> {
                vec![$({
                    let shape = Shape::of_operation(input, $name);
                    $(let shape = <$parameter>::describe(shape);)*
                    Described {
                        name: $name,
                        item: None$(.or(Some(output.subschema_for::<$item>())))?,
                        request: shape.finish(&[$($doc),+]),
                        result: output.subschema_for::<$result>(),
                    }
                }),*]
            }
        }
    };
}

/// The code of an entry that is marked; nothing for the others.
macro_rules! marked {
    (() $($code:tt)*) => {};
    (($mark:ident) $($code:tt)*) => { $($code)* };
}

pub(super) use {marked, operations, parameters};
