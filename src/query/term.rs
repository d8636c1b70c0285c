//! One term of a query.

use crate::model::class::Class;
use crate::model::exchange::Origin;
use crate::model::timestamp::Timestamp;
use crate::model::verdict::Cause;
use crate::query::glob::PathGlob;
use crate::query::needle::Needle;
use crate::query::value::{ExchangeState, StatusSet};

/// A test, and what its result has to be.
#[derive(Debug)]
pub(super) struct Term {
    pub(super) wanted: bool,
    pub(super) test: Test,
}

/// What a term tests; the cheapest first. Lists hold if one of their values does.
#[derive(Debug)]
pub(super) enum Test {
    Status(Vec<StatusSet>),
    State(ExchangeState),
    Method(Vec<String>),
    Origin(Vec<Origin>),
    Number(u64, u64),
    Sdk(Vec<String>),
    Path(PathGlob),
    Since(Timestamp),
    Operation(Needle),
    Id(Needle),
    /// A word without a key; `404` is a status as well.
    Word(Needle, Option<StatusSet>),
    Header(Needle, Option<Needle>),
    Correlation(Needle),
    Body(Needle),
    Cause(Vec<Cause>),
    Finding(Vec<Class>),
}

impl Test {
    /// Returns the place in the order of evaluation.
    pub(super) fn rank(&self) -> u8 {
        match self {
            Self::Status(_) | Self::State(_) | Self::Method(_) | Self::Origin(_) | Self::Number(..) => 0,
            Self::Sdk(_) | Self::Path(_) | Self::Since(_) => 1,
            Self::Operation(_) => 2,
            Self::Id(_) | Self::Word(..) => 3,
            Self::Header(..) | Self::Correlation(_) | Self::Body(_) => 4,
            Self::Cause(_) | Self::Finding(_) => 5,
        }
    }
}
