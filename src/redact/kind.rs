//! What a masked secret was: the KIND of `redacted-KIND-TAG`.

/// The kind of a secret, as far as its place or pattern shows it.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(crate) enum SecretKind {
    /// The token of `Authorization: Bearer`.
    Bearer,
    /// The pair of `Authorization: Basic`.
    Basic,
    /// The parameters of `Authorization: Digest`.
    Digest,
    /// The credentials of any other scheme.
    Credentials,
    /// The value of a cookie.
    Cookie,
    /// An OAuth or other token.
    Token,
    /// A client secret, a code verifier.
    Secret,
    /// A password.
    Password,
    /// An API key or private key.
    Key,
    /// A string with the shape of a JSON Web Token.
    Jwt,
    /// An OAuth authorization code; never a wrap-up code.
    Code,
    /// An OAuth assertion (SAML2, JWT).
    Assertion,
    /// The signature of a signed URL or request.
    Signature,
    /// What the user asked to be masked.
    Personal,
}

impl SecretKind {
    /// Returns the word that is written in the mask and in a recording's `redactions`.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Bearer => "bearer",
            Self::Basic => "basic",
            Self::Digest => "digest",
            Self::Credentials => "credentials",
            Self::Cookie => "cookie",
            Self::Token => "token",
            Self::Secret => "secret",
            Self::Password => "password",
            Self::Key => "key",
            Self::Jwt => "jwt",
            Self::Code => "code",
            Self::Assertion => "assertion",
            Self::Signature => "signature",
            Self::Personal => "personal",
        }
    }
}
