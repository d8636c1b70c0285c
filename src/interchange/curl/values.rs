//! Values of options, each with the place of its option.

use crate::interchange::curl::options::DataForm;

/// A value and the place of its option in the text.
#[derive(Clone, Debug)]
pub(crate) struct OptionValue {
    pub(crate) bytes: Vec<u8>,
    pub(crate) at: usize,
}

/// One `--data` option.
#[derive(Clone, Debug)]
pub(crate) struct DataOption {
    pub(crate) kind: DataForm,
    /// `--json`: joined without `&`.
    pub(crate) json: bool,
    pub(crate) value: OptionValue,
}

/// One `--form` option.
#[derive(Clone, Debug)]
pub(crate) struct FormOption {
    /// `--form-string`: nothing in the content has a meaning.
    pub(crate) literal: bool,
    pub(crate) value: OptionValue,
}
