//! The macros behind the two tables: `parameters` and `operations`.

/// Makes a [`Parameter`](super::parameters::Parameter) of each entry.
///
/// An entry names the parameter and the type of its value; then, for each member of the request that it takes, a
/// variable, the member's name, and how [`Members`](super::members::Members) reads it; at last the expression that
/// checks what was read. Broken rules go to `source.violations`.
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

            // Not inlined: many operations take the same parameter.
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

/// Makes [`Request`](super::operations::Request), an enum with a variant for each entry, and all that follows from the
/// entries.
macro_rules! operations {
    (($graph:ident, $items:ident) $(
        $(#[doc = $doc:literal])+
        $operation:ident $name:literal ($($field:ident: $parameter:ty),*)
            -> $result:ty $(, each $item:ty)? => $flow:expr;
    )*) => {
        /// An operation and its checked parameters.
        #[derive(Debug, Clone)]
        pub(super) enum Request {
            $(
                $(#[doc = $doc])+
                $operation { $($field: <$parameter as $crate::json::parameters::Parameter>::Value),* },
            )*
        }

        impl Request {
            /// The names of all operations.
            pub(super) const NAMES: &'static [&'static str] = &[$($name),*];

            /// Reads the members of a request. None when a rule is broken.
            pub(super) fn read(
                source: &mut $crate::json::parameters::Source,
            ) -> Result<Option<Self>, serde_json::Error> {
                use $crate::json::parameters::Parameter;
                let name = source.members.discriminant("operation")?;
                Ok(match name.as_str() {
                    $($name => {
                        // All of them are read before one is missed: every broken rule is noted.
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
                $graph: $crate::operation::Graph,
                $items: $crate::operation::Items<$crate::json::Item>,
            ) -> Result<$crate::json::Output, $crate::problem::Problem> {
                match self {
                    $(Self::$operation { $($field),* } => {
                        let result: $result = $flow.await?.into();
                        $crate::json::output::Ending::into_output(result)
                    })*
                }
            }

            /// The shapes of every operation, for docs/schema.json.
            #[cfg(feature = "schema")]
            pub(super) fn describe(
                input: &mut schemars::SchemaGenerator,
                output: &mut schemars::SchemaGenerator,
            ) -> Vec<$crate::json::schema::Described> {
                use $crate::json::parameters::Parameter as _;
                vec![$({
                    let shape = $crate::json::schema::Shape::of_operation(input, $name);
                    $(let shape = <$parameter>::describe(shape);)*
                    $crate::json::schema::Described {
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

pub(super) use {operations, parameters};
