//! A private home for one command: links to everything in the real one, and the SDKs' config files with a
//! gateway in them. What the command creates in it is moved to the real home at the end.
//!
//! Nothing that the command created is ever deleted: only wraptap's own links, its unchanged config files,
//! and empty folders are removed at the end.

use std::ffi::{OsStr, OsString};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::command::attach::address::Address;
use crate::command::attach::{ALL, gateway_file};
use crate::command::record::attach::move_home::{link, move_into};
use crate::error::CommandError;
use crate::net::destination::is_loopback_name;

/// The file inside an SDK's folder.
const CONFIG: &str = "config";

/// A home folder that mirrors the real one.
#[derive(Debug, Deserialize, Serialize)]
pub(super) struct PrivateHome {
    /// Where it is.
    folder: PathBuf,
    /// The home it mirrors; there may be none on this machine.
    real: PathBuf,
    /// The URL of the gateway in the config files.
    gateway: String,
    /// The names that link to the real home.
    linked: Vec<OsString>,
    /// The folders of the SDKs.
    sdks: Vec<SdkFolder>,
}

/// The folder of one SDK, a real one in the private home.
#[derive(Debug, Deserialize, Serialize)]
struct SdkFolder {
    name: String,
    /// What was written into its config file.
    config: String,
    /// The names that link into the real folder.
    linked: Vec<OsString>,
}

/// What happened to a private home at the end.
#[derive(Debug, Default)]
pub(super) struct HomeReport {
    /// What was moved to the real home.
    pub(super) moved: Vec<PathBuf>,
    /// What is still in the private home, and why.
    pub(super) left: Vec<(PathBuf, NotMovedReason)>,
    /// What the command removed from the private home; the real home has it still.
    pub(super) kept: Vec<PathBuf>,
}

/// Why something was not moved to the real home.
#[derive(Debug, thiserror::Error)]
pub(super) enum NotMovedReason {
    /// The real home has something of this name.
    #[error("{} is there already", .0.display())]
    Taken(PathBuf),
    /// A config file that the command changed, with this run's gateway in it.
    #[error("the command changed it, and it names the gateway of this run")]
    Gateway,
    /// It could not be moved.
    #[error("it cannot be moved to your home: {0}")]
    Failed(#[source] io::Error),
}

impl PrivateHome {
    /// Makes `folder`, which must not be there, a mirror of `real`; returns what the user should know, too.
    pub(super) fn make(
        folder: PathBuf,
        real: &Path,
        address: &Address,
    ) -> Result<(Self, Vec<String>), CommandError> {
        // where the temporary folder is the home itself
        let own = folder.parent().and_then(Path::file_name).map(OsStr::to_owned);
        let is_sdk =
            |name: &OsStr| ALL.iter().any(|client| client.config_folder.is_some_and(|own| own == name));
        let mut names = names_in(real).map_err(|error| unreadable(real, error))?;
        names.retain(|name| Some(name) != own.as_ref() && !is_sdk(name));
        let (real, gateway) = (real.to_owned(), address.to_string());
        let mut home = Self { folder, real, gateway, linked: names, sdks: Vec::new() };
        let mut notes = Vec::new();
        home.fill(address, &mut notes).inspect_err(|_| drop(home.end()))?;
        Ok((home, notes))
    }

    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    fn fill(&mut self, address: &Address, notes: &mut Vec<String>) -> Result<(), CommandError> {
        let unwritable = |error: io::Error| {
            let context = format!("cannot make the private home {}", self.folder.display());
            CommandError::machine(anyhow::Error::new(error).context(context))
                .hint("check TMPDIR, or run the command in your own home: `wraptap record --own-home …`")
        };
        let mirror = |names: &[OsString], ours: &Path, theirs: &Path| {
            fs::create_dir(ours)?;
            names.iter().try_for_each(|name| link(&theirs.join(name), &ours.join(name)))
        };
        mirror(&self.linked, &self.folder, &self.real).map_err(unwritable)?;
        for client in ALL {
            let Some(name) = client.config_folder else { continue };
            let (theirs, ours) = (self.real.join(name), self.folder.join(name));
            let mut linked = names_in(&theirs).map_err(|error| unreadable(&theirs, error))?;
            let existing = if linked.iter().any(|name| name == CONFIG) {
                fs::read_to_string(theirs.join(CONFIG))
                    .inspect_err(|error| notes.push(ignored(&theirs.join(CONFIG), error)))
                    .unwrap_or_default()
            } else {
                String::new()
            };
            notes.extend(gateway_file::address_in(&existing).filter(|theirs| !is_here(theirs)).map(
                |gateway| {
                    let config = theirs.join(CONFIG).display().to_string();
                    format!(
                        "{config} names a gateway; to keep using it: `wraptap record --upstream {gateway} …`"
                    )
                },
            ));
            linked.retain(|name| name != CONFIG);
            mirror(&linked, &ours, &theirs).map_err(unwritable)?;
            let config = client
                .config(&existing, address)
                .or_else(|error| {
                    notes.push(ignored(&theirs.join(CONFIG), &error));
                    client.config("", address)
                })
                .map_err(CommandError::input)?;
            fs::write(ours.join(CONFIG), &config).map_err(unwritable)?;
            self.sdks.push(SdkFolder { name: name.to_owned(), config, linked });
        }
        Ok(())
    }

    /// Returns the paths of what the command created in it.
    pub(super) fn made(&self) -> Vec<PathBuf> {
        let is_sdk = |name: &OsStr| self.sdks.iter().any(|sdk| sdk.name.as_str() == name);
        let sdks = self.sdks.iter().flat_map(|sdk| {
            let (ours, theirs) = (self.folder.join(&sdk.name), self.real.join(&sdk.name));
            let unchanged = fs::read_to_string(ours.join(CONFIG)).is_ok_and(|text| text == sdk.config);
            made(&ours, &theirs, &sdk.linked, |name| unchanged && name == CONFIG)
        });
        made(&self.folder, &self.real, &self.linked, is_sdk).into_iter().chain(sdks).collect()
    }

    /// Moves what the command created to the real home, and removes the private home unless something has to
    /// stay in it.
    pub(super) fn end(&self) -> HomeReport {
        let mut coming = HomeReport::default();
        for sdk in &self.sdks {
            let ours = self.folder.join(&sdk.name);
            let stays = self.is_kept(&ours.join(CONFIG), &sdk.config, &mut coming);
            self.sweep((&ours, &self.real.join(&sdk.name)), &sdk.linked, &mut coming, |name| {
                stays && name == CONFIG
            });
        }
        let is_sdk = |name: &OsStr| self.sdks.iter().any(|sdk| sdk.name.as_str() == name);
        self.sweep((&self.folder, &self.real), &self.linked, &mut coming, is_sdk);
        coming
    }

    /// Removes an unchanged config file; returns whether a changed one has to stay in the private home.
    fn is_kept(&self, config: &Path, written: &str, coming: &mut HomeReport) -> bool {
        let Ok(text) = fs::read_to_string(config) else { return false };
        if text == written {
            // if it cannot be removed, the folder stays, empty of anything of the user's
            let _ = fs::remove_file(config);
            return false;
        }
        let has_gateway =
            gateway_file::address_in(&text).is_some_and(|address| address.to_string() == self.gateway);
        if has_gateway {
            coming.left.push((config.to_owned(), NotMovedReason::Gateway));
        }
        has_gateway
    }

    /// Moves everything in `ours` to `theirs` except wraptap's own links, which are removed, and what `stays`
    /// names. Removes `ours` if it is empty then.
    fn sweep(
        &self,
        (ours, theirs): (&Path, &Path),
        linked: &[OsString],
        coming: &mut HomeReport,
        stays: impl Fn(&OsStr) -> bool,
    ) {
        let Ok(names) = names_in(ours) else { return };
        coming.kept.extend(linked.iter().filter(|name| !names.contains(name)).map(|name| theirs.join(name)));
        for from in made(ours, theirs, linked, stays) {
            let Some(to) = from.file_name().map(|name| theirs.join(name)) else { continue };
            match self.move_to_real(&from, &to) {
                Ok(()) => coming.moved.push(to),
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                    coming.left.push((from, NotMovedReason::Taken(to)));
                }
                Err(error) => coming.left.push((from, NotMovedReason::Failed(error))),
            }
        }
        for name in linked.iter().filter(|name| is_link(&ours.join(name), &theirs.join(name))) {
            // a link that cannot be removed does no harm
            let _ = fs::remove_file(ours.join(name));
        }
        // refused by the system if anything is in it, which has been named then
        let _ = fs::remove_dir(ours);
    }

    fn move_to_real(&self, from: &Path, to: &Path) -> io::Result<()> {
        if let Some(folder) = to.parent()
            && folder != self.real
            && !folder.exists()
        {
            // an SDK's own folder
            fs::create_dir(folder)?;
        }
        move_into(from, to, (&self.folder, &self.real))
    }
}

/// Returns what is in `ours` beside wraptap's own links to `theirs` and what `skipped` names.
fn made(ours: &Path, theirs: &Path, linked: &[OsString], skipped: impl Fn(&OsStr) -> bool) -> Vec<PathBuf> {
    let names = names_in(ours).unwrap_or_default();
    let is_ours = |name: &OsString| linked.contains(name) && is_link(&ours.join(name), &theirs.join(name));
    names.iter().filter(|name| !skipped(name) && !is_ours(name)).map(|name| ours.join(name)).collect()
}

fn is_link(path: &Path, to: &Path) -> bool {
    fs::read_link(path).is_ok_and(|target| target == to)
}

/// Returns the names in a folder, sorted; none where there is no such folder.
fn names_in(folder: &Path) -> io::Result<Vec<OsString>> {
    let mut names = match fs::read_dir(folder) {
        Ok(entries) => {
            entries.map(|entry| entry.map(|entry| entry.file_name())).collect::<io::Result<Vec<_>>>()?
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => Vec::new(),
        Err(error) => return Err(error),
    };
    names.sort();
    Ok(names)
}

/// Returns whether a gateway is on this machine: a wraptap, as `setup --write` names it.
fn is_here(gateway: &Address) -> bool {
    is_loopback_name(gateway.host().trim_matches(['[', ']']))
}

fn unreadable(folder: &Path, error: io::Error) -> CommandError {
    let context = format!("cannot read {}, which the command's private home is to mirror", folder.display());
    CommandError::input(anyhow::Error::new(error).context(context))
        .hint("set HOME to a folder you can read")
        .hint("or run the command in your own home and point it at WRAPTAP_URL yourself: `wraptap record --own-home …`")
}

fn ignored(config: &Path, error: &dyn std::error::Error) -> String {
    format!("{} is left out of the private home: {error}", config.display())
}
