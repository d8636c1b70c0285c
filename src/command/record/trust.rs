//! `--tls`: the certificate authority of this run, and the line by which each SDK trusts it.

use std::path::Path;

use crate::command::record::args::RecordArgs;
use crate::error::CommandError;
use crate::net::local_ca::LocalCa;
use crate::proxy::routes::Routes;

/// The file beside the recording that holds the authority's certificate.
const FILE: &str = "wraptap-ca.pem";

/// Makes the authority, with a certificate for every name under which clients may come.
pub(super) fn authority(args: &RecordArgs, routes: &Routes) -> Result<LocalCa, CommandError> {
    let mut names: Vec<String> = ["localhost", "127.0.0.1", "::1"].map(str::to_owned).to_vec();
    names.extend(args.allow_host.iter().cloned());
    names.extend(routes.upstreams().map(|upstream| upstream.server.host.clone()));
    names.extend(routes.hosts.iter().map(|host| host.name.clone()));
    names.sort();
    names.dedup();
    LocalCa::new(&names).map_err(|error| {
        CommandError::input(error).hint("names in `--allow-host` must be host names or addresses")
    })
}

/// Writes the certificate beside the recording and returns the lines that say how to trust it.
pub(super) fn publish(authority: &LocalCa, recording: &Path) -> Result<String, CommandError> {
    let folder = recording.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let path = folder.join(FILE);
    write_new(&path, &authority.certificate).map_err(|error| {
        CommandError::machine(anyhow::Error::new(error).context(format!("cannot write {}", path.display())))
            .hint("check that the folder of the recording is writable")
    })?;
    let path = std::path::absolute(&path).unwrap_or(path);
    let path = path.display();
    Ok(format!(
        "TLS is accepted on the same port, with a CA of this run. To trust it:
  JavaScript  NODE_EXTRA_CA_CERTS={path}
  Python      SSL_CERT_FILE={path}
  Go, .NET    SSL_CERT_FILE={path}
  Java        keytool -importcert -noprompt -alias wraptap -storetype PKCS12 -storepass changeit -keystore wraptap.p12 -file {path}
              then -Djavax.net.ssl.trustStore=wraptap.p12 -Djavax.net.ssl.trustStorePassword=changeit
  curl        --cacert {path}
"
    ))
}

/// Puts a file into place as a whole: no program reads half a certificate, and no link is followed.
fn write_new(path: &Path, text: &str) -> std::io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    let mut file = tempfile::NamedTempFile::new_in(folder)?;
    std::io::Write::write_all(&mut file, text.as_bytes())?;
    file.persist(path)?;
    Ok(())
}
