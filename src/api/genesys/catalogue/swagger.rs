//! The vendor's own Swagger 2.0 document in place of the embedded catalogue, with its permissions and error
//! codes.
//!
//! The document is translated into the catalogue's text form, so that there is one reader for both. Source of
//! the extensions' names: `x-inin-requires-permissions`, `x-inin-error-codes`, `x-purecloud-method-name` in
//! the public document at `https://api.<region>/api/v2/docs/swagger`.

use serde_json::{Map, Value};

use crate::model::spelling;

/// A document in the text form of the catalogue.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Texts {
    /// What `operations.tsv` holds.
    pub operations: String,
    /// What `models.txt` holds.
    pub models: String,
}

/// A document that is no Swagger 2.0.
#[derive(Debug, thiserror::Error)]
pub enum SwaggerError {
    /// The text is not JSON.
    #[error("the document is not JSON")]
    Json(#[source] serde_json::Error),
    /// JSON, but not of this kind; `found` is what it says of itself.
    #[error("the document is not Swagger 2.0: it says `{found}`")]
    Version {
        /// The value of `swagger` or `openapi`.
        found: String,
    },
    /// Swagger 2.0 without a single operation.
    #[error("the document has no operation under `paths`")]
    Empty,
}

const METHODS: [&str; 7] = ["get", "put", "post", "delete", "options", "head", "patch"];

impl Texts {
    /// Translates a Swagger 2.0 document.
    ///
    /// # Errors
    /// The bytes are not JSON, not Swagger 2.0, or name no operation.
    pub fn of_swagger(bytes: &[u8]) -> Result<Self, SwaggerError> {
        let document: Value = serde_json::from_slice(bytes).map_err(SwaggerError::Json)?;
        if document["swagger"] != "2.0" {
            let said = [&document["swagger"], &document["openapi"]].into_iter().find_map(Value::as_str);
            return Err(SwaggerError::Version { found: said.unwrap_or("nothing").to_owned() });
        }
        let title = document["info"]["title"].as_str().unwrap_or("a Swagger document");
        let version = document["info"]["version"].as_str().unwrap_or("without a version");
        let mut operations = format!("# {} {}\n", flat(title), flat(version));
        let head = operations.len();
        let base = document["basePath"].as_str().unwrap_or_default().trim_end_matches('/');
        for (path, item) in document["paths"].as_object().unwrap_or(&Map::new()) {
            let methods = METHODS.iter().filter_map(|method| Some((*method, item.get(method)?)));
            for (method, operation) in methods {
                let row = row(method, &format!("{base}{path}"), operation, &item["parameters"]);
                operations.push_str(&row);
            }
        }
        if operations.len() == head {
            return Err(SwaggerError::Empty);
        }
        let mut models = String::new();
        for (name, definition) in document["definitions"].as_object().unwrap_or(&Map::new()) {
            models.push_str(&block(name, definition));
        }
        Ok(Self { operations, models })
    }
}

fn row(method: &str, path: &str, operation: &Value, shared: &Value) -> String {
    let parameters: Vec<&Value> =
        [&operation["parameters"], shared].into_iter().filter_map(Value::as_array).flatten().collect();
    let mark = |parameter: &Value| if parameter["required"] == true { "!" } else { "?" };
    let body = parameters.iter().find(|parameter| parameter["in"] == "body");
    let body = body.map(|body| format!("{}{}", kind(&body["schema"]), mark(body))).unwrap_or_default();
    let mut query: Vec<String> = parameters
        .iter()
        .filter(|parameter| parameter["in"] == "query")
        .filter_map(|parameter| {
            Some(format!("{}{}", parameter["name"].as_str()?, mark(parameter).trim_matches('?')))
        })
        .collect();
    query.sort();
    let javascript = operation["x-purecloud-method-name"].as_str().or(operation["operationId"].as_str());
    let javascript = javascript.unwrap_or_default();
    let class =
        operation["tags"][0].as_str().map(|tag| format!("{}Api", tag.replace(' ', ""))).unwrap_or_default();
    let success = &operation["responses"]["200"]["schema"];
    let columns = [
        method.to_ascii_uppercase(),
        flat(path),
        flat(&class),
        flat(javascript),
        spelling::words(javascript).join("_"),
        body,
        flat(&query.join(" ")),
        if success.is_null() { String::new() } else { kind(success) },
        if operation["deprecated"] == true { "deprecated".to_owned() } else { String::new() },
        permissions(&operation["x-inin-requires-permissions"]),
        errors(operation),
    ];
    columns.join("\t") + "\n"
}

/// `ANY a:b:c d:e:f`, or nothing.
fn permissions(extension: &Value) -> String {
    let names: Vec<&str> =
        extension["permissions"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    if names.is_empty() {
        return String::new();
    }
    flat(&format!("{} {}", extension["type"].as_str().unwrap_or("ALL"), names.join(" ")))
}

/// `400 bad.request, 404 not.found`: the codes stand per answer, as keys or as a list.
fn errors(operation: &Value) -> String {
    let mut codes = Vec::new();
    for (status, answer) in operation["responses"].as_object().unwrap_or(&Map::new()) {
        match &answer["x-inin-error-codes"] {
            Value::Object(by_code) => codes.extend(by_code.keys().map(|code| format!("{status} {code}"))),
            Value::Array(list) => {
                codes.extend(list.iter().filter_map(Value::as_str).map(|code| format!("{status} {code}")));
            }
            _ => {}
        }
    }
    flat(&codes.join(", "))
}

fn block(name: &str, definition: &Value) -> String {
    let required: Vec<&str> =
        definition["required"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    let Some(properties) = definition["properties"].as_object() else {
        return format!("{} unknown\n", word(name));
    };
    let mut text = format!("{}\n", word(name));
    for (key, property) in properties.iter().filter(|(key, _)| !key.contains([' ', '\n', '\t'])) {
        let mark = if required.contains(&key.as_str()) { "!" } else { "" };
        text.push_str(&format!("  {key}{mark} {}", kind(property)));
        let words: Vec<&str> =
            property["enum"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        if !words.is_empty() {
            text.push_str(&format!(" = {}", flat(&words.join(" | "))));
        }
        text.push('\n');
    }
    text
}

fn kind(schema: &Value) -> String {
    if let Some(name) = schema["$ref"].as_str() {
        return word(name.rsplit('/').next().unwrap_or(name));
    }
    match (schema["type"].as_str(), schema["format"].as_str()) {
        (Some("array"), _) => format!("{}[]", kind(&schema["items"])),
        (Some("string"), Some("date-time")) => "date-time".to_owned(),
        (Some("string"), Some("date")) => "date".to_owned(),
        (Some(plain @ ("string" | "integer" | "number" | "boolean")), _) => plain.to_owned(),
        (Some("object") | None, _) if schema["additionalProperties"].is_object() => {
            format!("map<{}>", kind(&schema["additionalProperties"]))
        }
        _ => "any".to_owned(),
    }
}

/// One word of the text form: a model's name.
fn word(name: &str) -> String {
    name.chars().map(|c| if c.is_whitespace() { '_' } else { c }).collect()
}

/// One column of the text form.
fn flat(text: &str) -> String {
    text.replace(['\t', '\n', '\r'], " ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::genesys::catalogue;

    const DOCUMENT: &str = r##"{"swagger":"2.0","info":{"title":"An API","version":"v2"},"paths":{
        "/api/v2/things/{thingId}":{"put":{"tags":["Big Things"],"x-purecloud-method-name":"putThing","deprecated":true,
          "parameters":[{"in":"path","name":"thingId","required":true},{"in":"query","name":"dry","required":true},
            {"in":"body","name":"body","required":true,"schema":{"type":"array","items":{"$ref":"#/definitions/Thing"}}}],
          "responses":{"200":{"schema":{"$ref":"#/definitions/Thing"}},
            "400":{"x-inin-error-codes":{"bad.request":"…","invalid.value":"…"}}},
          "x-inin-requires-permissions":{"type":"ANY","permissions":["a:b:c","d:e:f"]}}}},
        "definitions":{"Thing":{"type":"object","required":["name"],"properties":{"name":{"type":"string"},
          "at":{"type":"string","format":"date-time"},"mode":{"type":"string","enum":["on","off"]},
          "more":{"type":"object","additionalProperties":{"$ref":"#/definitions/Thing"}}}}}}"##;

    #[test]
    fn a_document_becomes_a_catalogue_with_permissions_and_error_codes() {
        let texts = Texts::of_swagger(DOCUMENT.as_bytes()).unwrap();
        let catalogue = catalogue::read(&texts.operations, &texts.models);
        assert_eq!(catalogue.source, "An API v2");
        let entry = catalogue.operation_of("PUT", "/api/v2/things/7").unwrap();
        assert_eq!((entry.class, entry.python), ("BigThingsApi", Some("put_thing")));
        assert_eq!(entry.body.unwrap().kind.to_string(), "Thing[]");
        assert_eq!(entry.query_parameters().collect::<Vec<_>>(), [("dry", true)]);
        assert_eq!(entry.permissions, Some("ANY a:b:c d:e:f"));
        assert_eq!(entry.errors, Some("400 bad.request, 400 invalid.value"));
        assert!(entry.deprecated);
        let model = catalogue.model("Thing").unwrap();
        assert!(model.field("name").unwrap().required);
        assert_eq!(model.field("mode").unwrap().words, ["on", "off"]);
        assert_eq!(model.field("more").unwrap().kind.to_string(), "map<Thing>");
    }

    #[test]
    fn what_is_no_swagger_says_what_it_is() {
        let text = |bytes: &str| Texts::of_swagger(bytes.as_bytes()).unwrap_err().to_string();
        assert_eq!(text("<html>"), "the document is not JSON");
        assert_eq!(text(r#"{"openapi":"3.0.1"}"#), "the document is not Swagger 2.0: it says `3.0.1`");
        assert_eq!(text(r#"{"swagger":"2.0","paths":{}}"#), "the document has no operation under `paths`");
    }
}
