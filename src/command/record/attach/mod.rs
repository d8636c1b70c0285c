//! Attaches an unchanged program for one run: a private home with the SDKs' config files (`home`), options
//! for Java (`java`), and for programs with a fixed host a proxy and a certificate authority to trust
//! (`trust`). At the end new files are moved to the real home (`move_home`), unless a process still lives in
//! it (`leftover_processes`).

mod home;
mod java;
mod java_trust_store;
mod leftover_processes;
mod move_home;
mod root_certs;
mod run_folder;
mod trust;

use std::ffi::OsString;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use crate::command::attach::address::Address;
use crate::command::record::attach::home::PrivateHome;
use crate::command::record::attach::java::JavaOptions;
use crate::command::record::attach::leftover_processes::LeftoverProcess;
use crate::command::record::attach::run_folder::RunFolder;
use crate::command::terminal::output;
use crate::error::CommandError;
use crate::net::outbound_proxy::is_excepted;
use crate::proxy::tunnel::USER;
use crate::report::safe;

/// Hosts that are reached without a proxy, so that wraptap is.
const LOCAL: [&str; 3] = ["127.0.0.1", "localhost", "::1"];

/// How a command is to be attached.
#[derive(Debug)]
pub(crate) struct AttachSettings<'a> {
    /// Where wraptap listens.
    pub(crate) url: &'a str,
    /// The certificate of the authority by which it speaks TLS, PEM.
    pub(crate) authority: &'a str,
    /// Leave the command its own home.
    pub(crate) own_home: bool,
    /// Have the command's programs trust the authority.
    pub(crate) tls: bool,
    /// Reach these hosts through wraptap as a proxy.
    pub(crate) proxied: Option<ProxiedHosts>,
}

/// Hosts to be reached through wraptap as a proxy.
#[derive(Debug)]
pub(crate) struct ProxiedHosts {
    /// Their names.
    pub(crate) hosts: Vec<String>,
    /// The password for connections to all other hosts.
    pub(crate) password: String,
}

/// What a command needs while it runs.
#[derive(Debug)]
pub(crate) struct Attached {
    folder: RunFolder,
    home: Option<PrivateHome>,
    /// The variables of the command.
    pub(crate) variables: Vec<(&'static str, OsString)>,
    /// What the user should know before it starts.
    pub(crate) notes: Vec<String>,
    ended: bool,
}

impl Attached {
    /// Prepares the home, the variables and the files.
    ///
    /// # Errors
    /// The home cannot be read, or a private one not made.
    pub(crate) fn new(settings: &AttachSettings<'_>) -> Result<Self, CommandError> {
        let address: Address = settings.url.parse().map_err(CommandError::input)?;
        let folder = RunFolder::make().map_err(unwritable)?;
        let mut attached =
            Self { folder, home: None, variables: Vec::new(), notes: Vec::new(), ended: false };
        let existing = std::env::var(java::VARIABLE).ok();
        let mut options = JavaOptions::after(existing.as_deref());
        if !settings.own_home {
            options.home(attached.move_in(&address)?);
        }
        let hosts = settings.proxied.as_ref().map_or(&[][..], |proxied| &proxied.hosts);
        for name in ["NO_PROXY", "no_proxy"] {
            let exceptions = exceptions(&std::env::var(name).unwrap_or_default(), hosts);
            attached.variables.push((name, exceptions.into()));
        }
        if settings.tls || !settings.own_home {
            attached.trust(settings, &mut options).map_err(unwritable)?;
        }
        if let Some(proxied) = &settings.proxied {
            attached.proxy(proxied, &address, &mut options).map_err(unwritable)?;
        }
        attached.variables.extend(options.value().map(|value| (java::VARIABLE, value.into())));
        Ok(attached)
    }

    fn move_in(&mut self, address: &Address) -> Result<&Path, CommandError> {
        let real = std::env::home_dir().filter(|home| home.is_absolute()).ok_or_else(|| {
            CommandError::input(anyhow::anyhow!("your home folder is not known"))
                .hint("set HOME to it")
                .hint("or attach the program yourself, see `wraptap setup`: `wraptap record --own-home …`")
        })?;
        for (folder, home) in self.folder.abandoned::<PrivateHome>() {
            if leftover_processes::living_in(home.folder()).is_empty() {
                let report = move_home_report(&home);
                folder.remove();
                self.notes.extend(
                    report.lines().map(|line| format!("from an earlier run that was cut off: {line}")),
                );
            }
        }
        let (home, notes) = PrivateHome::make(self.folder.path().join("home"), &real, address)?;
        self.notes.extend(notes);
        self.folder.describe(&home).map_err(unwritable)?;
        for name in if cfg!(windows) { &["HOME", "USERPROFILE"][..] } else { &["HOME"] } {
            self.variables.push((name, home.folder().as_os_str().to_owned()));
        }
        Ok(self.home.insert(home).folder())
    }

    fn trust(&mut self, settings: &AttachSettings<'_>, options: &mut JavaOptions) -> io::Result<()> {
        let roots = root_certs::load_system_roots();
        if settings.tls {
            let files = trust::publish(&mut self.folder, settings.authority, &roots, &mut self.notes)?;
            self.variables.extend(files);
        }
        let mut all = java::roots();
        all.extend(roots);
        all.extend(root_certs::parse_pem(settings.authority));
        all.sort();
        all.dedup();
        let store = self.folder.write("java.jks", java_trust_store::write(all.iter().map(Vec::as_slice)))?;
        if !options.trust(&store) {
            let note = "JAVA_TOOL_OPTIONS names a trust store without wraptap's certificate: what Java sends over TLS will \
                        not be recorded";
            self.notes.push(note.to_owned());
        }
        Ok(())
    }

    fn proxy(
        &mut self,
        proxied: &ProxiedHosts,
        address: &Address,
        options: &mut JavaOptions,
    ) -> io::Result<()> {
        let file = self.folder.write("java.options", java::exceptions(&proxied.hosts))?;
        if !options.proxy(address.host(), address.port(), &file) {
            let note = "JAVA_TOOL_OPTIONS names a file of options, so wraptap cannot make Java reach other https hosts directly: \
                        it will refuse connections to them";
            self.notes.push(note.to_owned());
        }
        let url = format!("http://{USER}:{}@{}:{}", proxied.password, address.host(), address.port());
        self.variables.extend(["HTTPS_PROXY", "https_proxy"].map(|name| (name, url.clone().into())));
        // Node 24 and later read the proxy variables only with this one
        self.variables.push(("NODE_USE_ENV_PROXY", "1".into()));
        Ok(())
    }

    /// Moves what the command created to the real home, removes the rest, and returns what the user should
    /// know.
    pub(crate) fn end(mut self) -> String {
        self.ended = true;
        self.clean_up()
    }

    fn clean_up(&self) -> String {
        let Some(home) = &self.home else {
            self.folder.remove();
            return String::new();
        };
        let left = leftover_processes::living_in(home.folder());
        if !left.is_empty() {
            return inhabited(home, &left);
        }
        let report = move_home_report(home);
        self.folder.remove();
        report
    }
}

impl Drop for Attached {
    fn drop(&mut self) {
        if !self.ended {
            let _ = output::stderr().write_all(self.clean_up().as_bytes());
        }
    }
}

/// Returns what the command reaches without a proxy: the user's exceptions without the proxied hosts, and
/// this machine.
fn exceptions(existing: &str, hosts: &[String]) -> String {
    let stays = |item: &&str| !item.trim().is_empty() && !hosts.iter().any(|host| is_excepted(item, host));
    existing.split(',').filter(stays).chain(LOCAL).collect::<Vec<_>>().join(",")
}

fn unwritable(error: io::Error) -> CommandError {
    CommandError::machine(anyhow::Error::new(error).context("cannot write the files that attach the command"))
        .hint("check that TMPDIR, or /tmp, is writable and not full")
}

/// Moves new files to the real home, and returns what the user should know.
fn move_home_report(home: &PrivateHome) -> String {
    let coming = home.end();
    let mut text = String::new();
    if !coming.moved.is_empty() {
        text.push_str(&format!("moved to your home what the command created: {}\n", listed(&coming.moved)));
    }
    if !coming.kept.is_empty() {
        text.push_str(&format!(
            "the command removed these from its private home; they are still in yours: {}\n",
            listed(&coming.kept)
        ));
    }
    for (path, reason) in &coming.left {
        text.push_str(&format!(
            "warning: not moved to your home: {}: {}\n",
            shown(path),
            safe::line(&reason.to_string())
        ));
    }
    text
}

/// Returns the warning about processes that were left running, and about their home, which is kept.
fn inhabited(home: &PrivateHome, left: &[LeftoverProcess]) -> String {
    let processes: Vec<String> =
        left.iter().map(|left| format!("{} ({})", left.id, safe::line(&left.name))).collect();
    let mut text = format!(
        "warning: the command left processes running: {}. What they send is not recorded any more\n",
        processes.join(", ")
    );
    let folder = shown(home.folder());
    text.push_str(&format!("their private home is kept: {folder}\n"));
    let made = home.made();
    if !made.is_empty() {
        text.push_str(&format!("not moved to your home for that reason: {}\n", listed(&made)));
    }
    text.push_str("the next `wraptap record -- COMMAND` after their end moves it to your home\n");
    text
}

fn listed(paths: &[PathBuf]) -> String {
    paths.iter().map(|path| shown(path)).collect::<Vec<_>>().join(", ")
}

fn shown(path: &Path) -> String {
    safe::line(&path.display().to_string()).into_owned()
}

#[cfg(test)]
mod tests {
    use super::exceptions;

    #[test]
    fn exceptions_of_the_users_stay_unless_they_cover_a_proxied_host() {
        let hosts = ["api.mypurecloud.de".to_owned()];
        assert_eq!(exceptions("a.test, .mypurecloud.de,", &hosts), "a.test,127.0.0.1,localhost,::1");
        assert_eq!(exceptions("*", &hosts), "127.0.0.1,localhost,::1");
        assert_eq!(exceptions("*", &[]), "*,127.0.0.1,localhost,::1");
    }
}
