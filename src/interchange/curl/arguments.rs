//! The words behind `curl` as settings: one set per `--next`.

use crate::interchange::curl::ast::ShellWord;
use crate::interchange::curl::body::BodySources;
use crate::interchange::curl::config_file;
use crate::interchange::curl::options::{self, CurlOption, DataForm, OptionEffect};
use crate::interchange::curl::values::{DataOption, FormOption, OptionValue};
use crate::interchange::curl::{CurlError, CurlFact, CurlNote};
use crate::interchange::text_position::TextPosition;

/// What one operation (the options between two `--next`) asks for.
#[derive(Clone, Debug, Default)]
pub struct CurlOperation {
    /// The URLs, each of which gives at least one request.
    pub(crate) urls: Vec<OptionValue>,
    /// `-X`
    pub(crate) method: Option<Vec<u8>>,
    /// `-H`, in order.
    pub(crate) headers: Vec<OptionValue>,
    /// `-d`, `--json` and related options, in order.
    pub(crate) data: Vec<DataOption>,
    /// `-F` and `--form-string`, in order.
    pub(crate) form: Vec<FormOption>,
    /// `-u`
    pub(crate) user: Option<Vec<u8>>,
    /// `--oauth2-bearer`
    pub(crate) bearer: Option<Vec<u8>>,
    /// `-b`, in order.
    pub(crate) cookies: Vec<OptionValue>,
    /// `-A`
    pub(crate) agent: Option<Vec<u8>>,
    /// `-e`
    pub(crate) referer: Option<Vec<u8>>,
    /// `-T`, in order; the first belongs to the first URL.
    pub(crate) uploads: Vec<OptionValue>,
    /// `-r`
    pub(crate) range: Option<Vec<u8>>,
    /// `--url-query`, in order.
    pub(crate) url_query: Vec<OptionValue>,
    /// `--request-target`
    pub(crate) target: Option<Vec<u8>>,
    /// `--proto-default`
    pub(crate) default_scheme: Option<Vec<u8>>,
    /// `-G`
    pub(crate) get: bool,
    /// `-I`, with its place.
    pub(crate) head: Option<usize>,
    /// `--path-as-is`
    pub(crate) path_as_is: bool,
    /// `-g`
    pub(crate) glob_off: bool,
    /// `--compressed`
    pub(crate) compressed: bool,
    /// `--tr-encoding`
    pub(crate) transfer_coding: bool,
    /// `-0`
    pub(crate) http10: bool,
    /// `--form-escape`
    pub(crate) form_escape: bool,
    /// `-C`: from which byte on, with its place.
    pub(crate) resume: Option<(u64, usize)>,
    /// `-z`, as the line that it makes.
    pub(crate) since: Option<Vec<u8>>,
    /// `--digest` or another scheme that waits for a challenge.
    pub(crate) challenge: bool,
}

/// Config files that name config files.
const DEPTH: usize = 8;

/// Reads the arguments of one curl command, and the config files that they name.
///
/// # Errors
/// An option that wants a value is the last word, or a config file cannot be read.
pub(crate) fn read(
    words: &[ShellWord],
    sources: &mut BodySources<'_>,
) -> Result<Vec<CurlOperation>, CurlError> {
    let mut reader = ArgumentReader {
        sources,
        done: Vec::new(),
        now: CurlOperation::default(),
        stray: Vec::new(),
        depth: 0,
    };
    reader.words(words)?;
    reader.finish();
    Ok(reader.done)
}

struct ArgumentReader<'a, 'b> {
    sources: &'a mut BodySources<'b>,
    done: Vec<CurlOperation>,
    now: CurlOperation,
    /// Which URLs follow an unknown option, as indices.
    stray: Vec<usize>,
    depth: usize,
}

impl ArgumentReader<'_, '_> {
    fn words(&mut self, words: &[ShellWord]) -> Result<(), CurlError> {
        let mut words = words.iter();
        let (mut only_urls, mut behind_unknown) = (false, false);
        while let Some(word) = words.next() {
            let shown = word.text();
            let notes = self.sources.notes.len();
            if only_urls || !shown.starts_with('-') {
                if behind_unknown {
                    self.stray.push(self.now.urls.len());
                }
                self.now.urls.push(OptionValue { bytes: word.bytes.clone(), at: word.at });
            } else if shown == "--" {
                only_urls = true;
            } else if let Some(name) = shown.strip_prefix("--") {
                self.long(word, name, &mut words)?;
            } else if shown == "-" {
                self.note(word.at, CurlFact::UnknownOption(shown));
            } else {
                self.short(word, &mut words)?;
            }
            behind_unknown = matches!(
                self.sources.notes.get(notes..),
                Some([.., CurlNote { fact: CurlFact::UnknownOption(_), .. }])
            );
        }
        Ok(())
    }

    /// Ends an operation. A word after an unknown option that does not look like a URL is taken for its
    /// value, as long as there is another URL.
    fn finish(&mut self) {
        for index in std::mem::take(&mut self.stray).into_iter().rev() {
            let bytes = &self.now.urls[index].bytes;
            let like_url = bytes.contains(&b'.') || bytes.contains(&b'/') || bytes.contains(&b':');
            if !like_url && self.now.urls.len() > 1 {
                let url = self.now.urls.remove(index);
                self.note(url.at, CurlFact::StrayWord);
            }
        }
        self.done.push(std::mem::take(&mut self.now));
    }

    fn config(&mut self, name: &[u8], at: usize) -> Result<(), CurlError> {
        let shown = String::from_utf8_lossy(name).into_owned();
        if self.depth == DEPTH {
            let why = "config files name each other";
            let (place, option) = (TextPosition::new(self.sources.text, at), "-K".to_owned());
            return Err(CurlError::Value { place, option, value: shown, why });
        }
        let words = config_file::words(&self.sources.read(name, at)?, at);
        self.note(at, CurlFact::OptionsRead(shown));
        self.depth += 1;
        self.words(&words)?;
        self.depth -= 1;
        Ok(())
    }

    fn long<'w>(
        &mut self,
        word: &ShellWord,
        name: &str,
        words: &mut impl Iterator<Item = &'w ShellWord>,
    ) -> Result<(), CurlError> {
        let found = match options::by_name(name) {
            // `--no-X` switches a flag off: what wraptap heeds is on only if asked for
            None => match name.strip_prefix("no-").and_then(options::by_name) {
                Some(option) if !option.takes_value => {
                    self.switch(option.effect, None);
                    return Ok(());
                }
                _ => None,
            },
            found => found,
        };
        if let Some(option) = found {
            let value = if option.takes_value {
                let next = words.next().ok_or_else(|| self.no_value(word, format!("--{name}")))?;
                Some(next.bytes.clone())
            } else {
                None
            };
            return self.apply(option, format!("--{name}"), word.at, value);
        }
        // curl itself has no `--name=value`, but people write it, and what they mean is plain
        let glued = name.split_once('=').and_then(|(name, _)| options::by_name(name).map(|o| (name, o)));
        match glued {
            Some((name, option)) if option.takes_value => {
                let value = word.bytes[name.len() + 3..].to_vec();
                self.apply(option, format!("--{name}"), word.at, Some(value))?;
            }
            _ => self.note(word.at, CurlFact::UnknownOption(format!("--{name}"))),
        }
        Ok(())
    }

    /// Reads one word of letters: `-sSL`, `-XPOST`, `-d@file`.
    fn short<'w>(
        &mut self,
        word: &ShellWord,
        words: &mut impl Iterator<Item = &'w ShellWord>,
    ) -> Result<(), CurlError> {
        let mut at = 1;
        while at < word.bytes.len() {
            let letter = char::from(word.bytes[at]);
            at += 1;
            let Some(option) = options::by_letter(letter) else {
                let shown = String::from_utf8_lossy(&word.bytes[at - 1..]).into_owned();
                self.note(
                    word.at,
                    CurlFact::UnknownOption(format!("-{}", shown.chars().next().unwrap_or('-'))),
                );
                continue;
            };
            if !option.takes_value {
                self.apply(option, format!("-{letter}"), word.at, None)?;
                continue;
            }
            let value = if at < word.bytes.len() {
                word.bytes[at..].to_vec()
            } else {
                words.next().ok_or_else(|| self.no_value(word, format!("-{letter}")))?.bytes.clone()
            };
            return self.apply(option, format!("-{letter}"), word.at, Some(value));
        }
        Ok(())
    }

    fn no_value(&self, word: &ShellWord, option: String) -> CurlError {
        CurlError::NoValue { place: TextPosition::new(self.sources.text, word.at), option }
    }

    fn note(&mut self, at: usize, fact: CurlFact) {
        self.sources.notes.push(CurlNote { place: TextPosition::new(self.sources.text, at), fact });
    }

    fn apply(
        &mut self,
        option: CurlOption,
        written: String,
        at: usize,
        value: Option<Vec<u8>>,
    ) -> Result<(), CurlError> {
        match (option.effect, value) {
            (OptionEffect::LeftOut(why), _) => self.note(at, CurlFact::LeftOut { option: written, why }),
            (OptionEffect::Challenge(why), _) => {
                self.now.challenge = true;
                self.note(at, CurlFact::LeftOut { option: written, why });
            }
            (OptionEffect::Config, Some(name)) => self.config(&name, at)?,
            (OptionEffect::Since, Some(date)) => match since(&date) {
                Some(line) => self.now.since = Some(line),
                None => {
                    let why = "only dates such as `Tue, 01 Jan 2019 00:00:00 GMT` are supported";
                    self.note(at, CurlFact::LeftOut { option: written, why });
                }
            },
            (OptionEffect::Resume, Some(from)) => {
                match std::str::from_utf8(&from).ok().and_then(|from| from.parse().ok()) {
                    Some(from) => self.now.resume = Some((from, at)),
                    None => {
                        let why = "the size of the existing file is not known";
                        self.note(at, CurlFact::LeftOut { option: written, why });
                    }
                }
            }
            (effect, None) => self.switch(effect, Some(at)),
            (effect, Some(bytes)) => self.set(effect, OptionValue { bytes, at }),
        }
        Ok(())
    }

    /// Switches a flag on (at a place) or off.
    fn switch(&mut self, effect: OptionEffect, on: Option<usize>) {
        let now = &mut self.now;
        match effect {
            OptionEffect::Get => now.get = on.is_some(),
            OptionEffect::Head => now.head = on,
            OptionEffect::PathAsIs => now.path_as_is = on.is_some(),
            OptionEffect::GlobOff => now.glob_off = on.is_some(),
            OptionEffect::Compressed => now.compressed = on.is_some(),
            OptionEffect::TransferCoding => now.transfer_coding = on.is_some(),
            OptionEffect::Http10 => now.http10 = on.is_some(),
            OptionEffect::Basic => now.challenge &= on.is_none(),
            OptionEffect::FormEscape => now.form_escape = on.is_some(),
            OptionEffect::Challenge(_) => now.challenge = on.is_some(),
            OptionEffect::Next => self.finish(),
            _ => {}
        }
    }

    fn set(&mut self, effect: OptionEffect, value: OptionValue) {
        let now = &mut self.now;
        match effect {
            OptionEffect::Method => now.method = Some(value.bytes),
            OptionEffect::Header => now.headers.push(value),
            OptionEffect::Data(kind) => now.data.push(DataOption { kind, json: false, value }),
            OptionEffect::Json => now.data.push(DataOption { kind: DataForm::Binary, json: true, value }),
            OptionEffect::Form => now.form.push(FormOption { literal: false, value }),
            OptionEffect::FormString => now.form.push(FormOption { literal: true, value }),
            OptionEffect::User => now.user = Some(value.bytes),
            OptionEffect::Bearer => now.bearer = Some(value.bytes),
            OptionEffect::Cookie => now.cookies.push(value),
            OptionEffect::Agent => now.agent = Some(value.bytes),
            OptionEffect::Referer => now.referer = Some(value.bytes),
            OptionEffect::Upload => now.uploads.push(value),
            OptionEffect::Range => now.range = Some(value.bytes),
            OptionEffect::Url => now.urls.push(value),
            OptionEffect::UrlQuery => now.url_query.push(value),
            OptionEffect::Target => now.target = Some(value.bytes),
            OptionEffect::DefaultScheme => now.default_scheme = Some(value.bytes),
            _ => {}
        }
    }
}

/// Returns the line that `-z` makes of a date; `-` in front of it turns it round.
fn since(date: &[u8]) -> Option<Vec<u8>> {
    let text = std::str::from_utf8(date).ok()?;
    let (name, text) = match text.strip_prefix('-') {
        Some(text) => ("If-Unmodified-Since", text),
        None => ("If-Modified-Since", text.strip_prefix(['+', '=']).unwrap_or(text)),
    };
    let zoned = jiff::fmt::rfc2822::parse(text.trim()).ok()?;
    let http = jiff::fmt::rfc2822::DateTimePrinter::new();
    let date = http.timestamp_to_rfc9110_string(&zoned.timestamp()).ok()?;
    Some(format!("{name}: {date}").into_bytes())
}
