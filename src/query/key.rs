//! The keys of the query language.

use crate::model::class::Class;
use crate::model::exchange::Origin;
use crate::model::spelling;
use crate::model::verdict::Cause;
use crate::query::value::ExchangeState;

macro_rules! keys {
    ($($variant:ident $name:literal $example:literal $about:literal,)*) => {
        /// What a term asks about.
        #[derive(Clone, Copy, Debug, Eq, PartialEq)]
        pub enum QueryKey { $(#[doc = $about] $variant,)* }

        impl QueryKey {
            /// Every key, in the order of the documentation.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// Returns what is written before the colon.
            pub fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }

            /// Returns a term with this key.
            pub fn example(self) -> &'static str {
                match self { $(Self::$variant => $example,)* }
            }

            /// Returns what it asks about, in a few words.
            pub fn about(self) -> &'static str {
                match self { $(Self::$variant => $about,)* }
            }
        }
    };
}

keys! {
    Status "status" "status:4xx" "the status, its class, or `none`; several with commas",
    Is "is" "is:refused" "`refused`, `accepted`, `failed` or `retry`",
    Method "method" "method:post" "the method; several with commas",
    Operation "op" "op:wrapup" "part of the operation's method and path",
    Path "path" "path:*/calls/*" "the whole path; `*` matches any text",
    Sdk "sdk" "sdk:java" "the client; several with commas",
    Cause "cause" "cause:payload" "why it was refused",
    Finding "finding" "finding:null_field" "the class of a finding",
    Body "body" "body:lorem" "text in one of the bodies, decoded",
    Header "header" "header:x-request-id:abc" "a header, or text in its value",
    Id "id" "id:12-20" "the numbers of exchanges, or an id in the address or a body",
    Correlation "correlation" "correlation:0f0d9c1a" "the id that the vendor's support asks for",
    Since "since" "since:10m" "started since then",
    Origin "origin" "origin:live" "`live`, `probe`, `replay` or `import`",
}

impl QueryKey {
    /// Finds a key by its name, in any case.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|key| key.name().eq_ignore_ascii_case(name))
    }

    /// Returns the key that was most likely meant.
    pub(super) fn nearest(name: &str) -> Option<Self> {
        let synonym = match name.to_ascii_lowercase().as_str() {
            "client" | "agent" => Some(Self::Sdk),
            "operation" => Some(Self::Operation),
            "class" | "rule" => Some(Self::Finding),
            "url" | "target" => Some(Self::Path),
            "code" => Some(Self::Status),
            _ => None,
        };
        synonym.or_else(|| {
            spelling::did_you_mean(name, Self::ALL.iter().map(|key| key.name())).and_then(Self::from_name)
        })
    }

    /// Returns the values that can be listed, for completion and "did you mean".
    pub fn values(self) -> Vec<&'static str> {
        match self {
            Self::Status => vec!["2xx", "3xx", "4xx", "5xx", "none"],
            Self::Is => ExchangeState::ALL.iter().map(|state| state.name()).collect(),
            Self::Method => vec!["get", "post", "put", "patch", "delete"],
            Self::Sdk => vec!["javascript", "java", "python", "dotnet", "go", "curl", "none"],
            Self::Cause => Cause::ALL.iter().map(|cause| cause.name()).collect(),
            Self::Finding => Class::ALL.iter().map(|class| class.name()).collect(),
            Self::Since => vec!["10m", "1h", "1d"],
            Self::Origin => Origin::ALL.iter().map(|origin| origin.name()).collect(),
            _ => Vec::new(),
        }
    }
}
