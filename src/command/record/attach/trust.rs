//! Makes the programs of a command trust wraptap's certificate authority in addition to what they trusted
//! before.

use std::ffi::OsString;
use std::fs;
use std::io;
use std::path::Path;

use crate::command::record::attach::root_certs;
use crate::command::record::attach::run_folder::RunFolder;

/// The variables that name a file in place of the machine's roots.
const IN_PLACE: [&str; 3] = ["SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"];
/// The variable that names a file beside the roots that Node has built in.
const BESIDE: &str = "NODE_EXTRA_CA_CERTS";

/// Writes the files into `folder`; returns the variables that name them.
///
/// Where the user has named a file already, its certificates come before ours, otherwise this machine's
/// `roots`.
pub(super) fn publish(
    folder: &mut RunFolder,
    authority: &str,
    roots: &[Vec<u8>],
    notes: &mut Vec<String>,
) -> io::Result<Vec<(&'static str, OsString)>> {
    if roots.is_empty() {
        notes.push(
            "this machine has no root certificates: curl, Python and Go in the command trust only wraptap"
                .to_owned(),
        );
    }
    let machine: String = roots.iter().map(|root| root_certs::to_pem(root)).collect();
    let mut variables = Vec::new();
    for name in IN_PLACE.into_iter().chain([BESIDE]) {
        let before = match std::env::var_os(name).filter(|value| !value.is_empty()) {
            Some(path) => fs::read_to_string(&path).unwrap_or_else(|error| {
                notes.push(format!("{name} is left out: {}: {error}", Path::new(&path).display()));
                if name == BESIDE { String::new() } else { machine.clone() }
            }),
            None if name == BESIDE => String::new(),
            None => machine.clone(),
        };
        let text = format!("{}\n{authority}", before.trim_end());
        let file = folder.write(&format!("{}.pem", name.to_ascii_lowercase()), text)?;
        variables.push((name, file.into_os_string()));
    }
    Ok(variables)
}
