//! The wrap-up codes: division, media type, and the documents that show them.

use serde_json::{Value, json};

use crate::simulator::ids::uuid;
use crate::simulator::participants::MediaKind;
use crate::simulator::seeds;

/// A wrap-up code.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Code {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) division: &'static str,
    /// The only media type it is for; `None`: all.
    pub(crate) media: Option<MediaKind>,
}

/// Why a code cannot be used.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum UnusableCode {
    /// There is none of this id.
    Unknown,
    /// It belongs to another division.
    Division,
    /// It is for another media type.
    Media,
}

/// The codes of a simulator.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Codes {
    /// Every uuid is the id of a code, except [`seeds::CODE_UNKNOWN`].
    pub(crate) any: bool,
}

impl Codes {
    /// Returns the seeded codes, in the order of their documentation.
    pub(crate) fn all() -> [Code; 4] {
        let code = |id: &str, name: &str, division, media| Code {
            id: id.to_owned(),
            name: name.to_owned(),
            division,
            media,
        };
        [
            code(seeds::CODE, "Default Wrap-up Code", seeds::DIVISION_HOME, None),
            code(seeds::CODE_SALE, "Sale", seeds::DIVISION_HOME, None),
            code(seeds::CODE_EMAIL_ONLY, "E-mail answered", seeds::DIVISION_HOME, Some(MediaKind::Email)),
            code(seeds::CODE_OTHER_DIVISION, "Sale (other division)", seeds::DIVISION_OTHER, None),
        ]
    }

    /// Returns the code of this id.
    pub(crate) fn find(self, id: &str) -> Option<Code> {
        let id = uuid(id)?;
        let seeded = Self::all().into_iter().find(|code| code.id == id);
        let made_up = self.any && id != seeds::CODE_UNKNOWN;
        seeded.or_else(|| {
            let name = "Some code".to_owned();
            made_up.then_some(Code { id, name, division: seeds::DIVISION_HOME, media: None })
        })
    }

    /// Returns the code of this id, if something of this division and media type can use it.
    pub(crate) fn usable(self, id: &str, division: &str, media: MediaKind) -> Result<Code, UnusableCode> {
        let code = self.find(id).ok_or(UnusableCode::Unknown)?;
        if code.division != division {
            Err(UnusableCode::Division)
        } else if code.media.is_some_and(|only| only != media) {
            Err(UnusableCode::Media)
        } else {
            Ok(code)
        }
    }
}

impl Code {
    /// Returns the code as the model WrapupCode.
    pub(crate) fn document(&self) -> Value {
        json!({
            "id": self.id,
            "name": self.name,
            "division": { "id": self.division, "selfUri": format!("/api/v2/authorization/divisions/{}", self.division) },
            "dateCreated": "2026-01-05T09:00:00.000Z",
            "selfUri": format!("/api/v2/routing/wrapupcodes/{}", self.id),
        })
    }
}

/// Returns a list of codes as one page, the model WrapupCodeEntityListing.
pub(crate) fn listing(codes: &[Code]) -> Value {
    let uri = "/api/v2/routing/wrapupcodes?pageSize=25&pageNumber=1";
    json!({
        "entities": codes.iter().map(Code::document).collect::<Vec<_>>(),
        "pageSize": 25,
        "pageNumber": 1,
        "total": codes.len(),
        "firstUri": uri,
        "lastUri": uri,
        "selfUri": uri,
        "pageCount": 1,
    })
}

#[cfg(test)]
mod tests {
    use super::{Codes, UnusableCode};
    use crate::simulator::participants::MediaKind;
    use crate::simulator::seeds;

    #[test]
    fn a_code_is_usable_in_its_division_and_for_its_media_type() {
        let codes = Codes { any: false };
        let usable = |id: &str| codes.usable(id, seeds::DIVISION_HOME, MediaKind::Call).map(|code| code.id);
        assert_eq!(usable(&seeds::CODE.to_uppercase()), Ok(seeds::CODE.to_owned()));
        assert_eq!(usable(seeds::CODE_OTHER_DIVISION), Err(UnusableCode::Division));
        assert_eq!(usable(seeds::CODE_EMAIL_ONLY), Err(UnusableCode::Media));
        assert_eq!(usable(seeds::DIVISION_HOME), Err(UnusableCode::Unknown));
        assert_eq!(usable("Sale"), Err(UnusableCode::Unknown));
    }

    #[test]
    fn a_fresh_simulator_knows_every_uuid_but_one() {
        let codes = Codes { any: true };
        assert!(codes.find(seeds::DIVISION_HOME).is_some());
        assert_eq!(codes.find(seeds::CODE_UNKNOWN), None);
        assert_eq!(codes.find("Sale"), None);
    }
}
