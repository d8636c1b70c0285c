//! One imperative line per class: what to do about a finding. The manual pages say the rest (`wraptap rules`).

use crate::model::finding::Class;

/// Returns what to do about a finding of this class, where nothing more special can be said.
pub fn help(class: Class) -> &'static str {
    match class {
        Class::InvalidJson => "build the body with a JSON library instead of putting text together",
        Class::EmptyBody => "pass the payload to the SDK call as its body argument",
        Class::NotCompared => "compare a smaller part of the bodies",
        Class::NullField => "leave unset properties out of the body",
        Class::MissingField => "set the property before the call",
        Class::ExtraField => "remove the property from the body",
        Class::RenamedKey => "send the property under the good body's key",
        Class::Moved => "put the value where the good body has it",
        Class::WrappedInArray => "send the value itself, not an array of it",
        Class::UnwrappedFromArray => "send an array, even of a single value",
        Class::DoubleEncoded => "pass the object to the SDK, not its JSON text",
        Class::TypeMismatch => "convert the value to the type of the good body",
        Class::FormatMismatch => "write the value in the notation of the good body",
        Class::UnitMismatch => "convert the number to the unit of the good body",
        Class::EmptyValue => "set the property, or leave it out",
        Class::ArrayLength => "check which elements were gained or lost",
        Class::ArrayOrder => "send the elements in the order of the good body",
        Class::PrecisionLoss => "keep the number as an integer, a decimal or a string all the way",
        Class::DuplicateKey => "send each key once",
        Class::SwallowedEnum => "update the SDK, or set the value anew before sending it",
        Class::ValueChanged => "check that the value is meant",
        Class::MethodMismatch => "send the request with the method of the good one",
        Class::PathMismatch => "send the request to the path of the good one",
        Class::QueryMismatch => "send the query parameters of the good request",
        Class::ContentTypeMismatch => "send the content type of the good request",
        Class::HeaderMismatch => "send the header of the good request",
    }
}
