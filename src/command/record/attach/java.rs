//! Options for a Java machine: another home, the roots to trust, and which hosts to reach through a proxy.
//!
//! All of it goes into `JAVA_TOOL_OPTIONS`, which every machine reads, however deep under a command it is
//! started.

use std::path::{Path, PathBuf};

use crate::command::record::attach::java_trust_store;

/// The variable.
pub(super) const VARIABLE: &str = "JAVA_TOOL_OPTIONS";
/// The property that names a trust store.
const STORE: &str = "javax.net.ssl.trustStore";
/// The characters of a host name.
const LETTERS: &[u8; 39] = b"abcdefghijklmnopqrstuvwxyz0123456789-._";

/// The option that names a file of options; there can be only one.
const FILE: &str = "-XX:VMOptionsFile=";

/// The options of one run, behind those of the user.
#[derive(Debug)]
pub(super) struct JavaOptions {
    existing: String,
    added: Vec<String>,
}

impl JavaOptions {
    /// Begins with what the user has there.
    pub(super) fn after(existing: Option<&str>) -> Self {
        Self { existing: existing.unwrap_or_default().trim().to_owned(), added: Vec::new() }
    }

    /// Makes `home` the user's home.
    pub(super) fn home(&mut self, home: &Path) {
        self.added.push(property("user.home", &home.display().to_string()));
    }

    /// Makes `store` the trust store, unless the user has chosen one; returns whether it did.
    pub(super) fn trust(&mut self, store: &Path) -> bool {
        let chosen = self.existing.contains(STORE);
        if !chosen {
            self.added.push(property(STORE, &store.display().to_string()));
        }
        !chosen
    }

    /// Sends what goes to a proxied host through the proxy at `address`. `file` holds what `exceptions`
    /// returned: JDK 9 and later read it; an older one sends everything through the proxy. Returns whether it
    /// will be read: not where the user has a file.
    pub(super) fn proxy(&mut self, host: &str, port: u16, file: &Path) -> bool {
        self.added.push(property("https.proxyHost", host.trim_matches(['[', ']'])));
        self.added.push(property("https.proxyPort", &port.to_string()));
        let free = !self.existing.contains(FILE);
        if free {
            self.added.push("-XX:+IgnoreUnrecognizedVMOptions".to_owned());
            self.added.push(quoted(&format!("{FILE}{}", file.display())));
        }
        free
    }

    /// Returns the value of the variable, if anything was added.
    pub(super) fn value(&self) -> Option<String> {
        let existing = Some(self.existing.as_str()).filter(|text| !text.is_empty());
        let all: Vec<&str> = existing.into_iter().chain(self.added.iter().map(String::as_str)).collect();
        (!self.added.is_empty()).then(|| all.join(" "))
    }
}

/// Returns a file of options that excepts every host but these from the proxy.
///
/// Java knows a list of exceptions only, with `*` at either end of a name. So everything that leaves the
/// names of the hosts at some letter is excepted, and everything that ends too early.
pub(super) fn exceptions(hosts: &[String]) -> String {
    let mut patterns = vec!["[*".to_owned()];
    let mut beginnings: Vec<&str> =
        hosts.iter().flat_map(|host| (0..=host.len()).filter_map(|end| host.get(..end))).collect();
    beginnings.sort_unstable();
    beginnings.dedup();
    for beginning in &beginnings {
        if !beginning.is_empty() && !hosts.iter().any(|host| host == beginning) {
            patterns.push((*beginning).to_owned());
        }
        patterns.extend(LETTERS.iter().filter_map(|letter| {
            let longer = format!("{beginning}{}", char::from(*letter));
            beginnings.binary_search(&longer.as_str()).is_err().then(|| longer + "*")
        }));
    }
    format!("-Dhttp.nonProxyHosts={}\n", patterns.join("|"))
}

/// Returns the roots that the Java machine found first trusts: of `JAVA_HOME`, else of the `java` on the
/// path.
pub(super) fn roots() -> Vec<Vec<u8>> {
    let home = std::env::var_os("JAVA_HOME").map(PathBuf::from).filter(|home| home.is_dir()).or_else(|| {
        let program = if cfg!(windows) { "java.exe" } else { "java" };
        let path = std::env::var_os("PATH")?;
        let found =
            std::env::split_paths(&path).map(|folder| folder.join(program)).find(|java| java.is_file())?;
        Some(std::fs::canonicalize(found).ok()?.parent()?.parent()?.to_owned())
    });
    let Some(home) = home else { return Vec::new() };
    // the order in which Java looks; JDK 8 has them below `jre`
    [
        "lib/security/jssecacerts",
        "lib/security/cacerts",
        "jre/lib/security/jssecacerts",
        "jre/lib/security/cacerts",
    ]
    .iter()
    .find_map(|place| std::fs::read(home.join(place)).ok())
    .map_or_else(Vec::new, |store| java_trust_store::read(&store))
}

fn property(name: &str, value: &str) -> String {
    quoted(&format!("-D{name}={value}"))
}

/// Keeps an option with white space in it together.
fn quoted(option: &str) -> String {
    if option.contains(char::is_whitespace) { format!("\"{option}\"") } else { option.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As `sun.net.spi.DefaultProxySelector` takes the list.
    fn is_excepted(list: &str, host: &str) -> bool {
        let list = list.trim_end().strip_prefix("-Dhttp.nonProxyHosts=").unwrap();
        list.split('|').any(|pattern| match pattern.strip_suffix('*') {
            Some(front) => host.starts_with(front),
            None => host == pattern,
        })
    }

    #[test]
    fn only_the_hosts_themselves_are_not_excepted() {
        let hosts = ["api.usw2.pure.cloud", "login.usw2.pure.cloud"].map(str::to_owned);
        let list = exceptions(&hosts);
        for host in &hosts {
            assert!(!is_excepted(&list, host), "{host}");
        }
        for host in [
            "api.usw2.pure.clou",
            "api.usw2.pure.cloudy",
            "api.usw2.pure.cloud.test",
            "api.mypurecloud.de",
            "apps.usw2.pure.cloud",
            "repo.maven.apache.org",
            "a",
            "127.0.0.1",
            "[::1]",
            "login.microsoftonline.com",
        ] {
            assert!(is_excepted(&list, host), "{host}");
        }
    }

    #[test]
    fn what_the_user_has_there_stays_in_front_and_a_trust_store_of_the_users_is_kept() {
        let mut options = JavaOptions::after(Some(" -Xmx1g "));
        options.home(Path::new("/tmp/two words"));
        assert!(options.trust(Path::new("/tmp/roots")));
        assert_eq!(
            options.value().unwrap(),
            "-Xmx1g \"-Duser.home=/tmp/two words\" -Djavax.net.ssl.trustStore=/tmp/roots"
        );
        let mut options = JavaOptions::after(Some("-Djavax.net.ssl.trustStore=mine"));
        assert!(!options.trust(Path::new("/tmp/roots")));
        assert_eq!(options.value(), None, "nothing of ours to add");
        let mut options = JavaOptions::after(Some("-XX:VMOptionsFile=mine"));
        assert!(!options.proxy("[::1]", 80, Path::new("/tmp/file")));
        let value = options.value().unwrap();
        assert_eq!(value, "-XX:VMOptionsFile=mine -Dhttps.proxyHost=::1 -Dhttps.proxyPort=80");
    }
}
