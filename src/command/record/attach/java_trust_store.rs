//! The trust store of a Java installation: read in both of its formats, and written in the older one, which
//! every version reads without a password.
//!
//! The older format is `JKS`: a magic number, a list of certificates, and a digest that Java checks only if
//! it is given a password. The newer one is PKCS #12 without encryption, which JDK 18 and later ship. Source:
//! `JavaKeyStore.java` of OpenJDK 17; RFC 7292, 4.2.3.

use ring::digest::{SHA1_FOR_LEGACY_USE_ONLY, digest};

const MAGIC: [u8; 4] = [0xfe, 0xed, 0xfe, 0xed];
const VERSION: u32 = 2;
/// The tag of a trusted certificate, as opposed to one with a key.
const TRUSTED: u32 = 2;
/// The password of every `cacerts`, and the salt of the digest.
const PASSWORD: &str = "changeit";
const SALT: &[u8] = b"Mighty Aphrodite";
/// `x509Certificate`, 1.2.840.113549.1.9.22.1, in DER.
const X509: [u8; 12] = [0x06, 0x0a, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x16, 0x01];

/// Returns a JKS store of these certificates (DER).
pub(super) fn write<'a>(certificates: impl ExactSizeIterator<Item = &'a [u8]>) -> Vec<u8> {
    let mut store = MAGIC.to_vec();
    store.extend(VERSION.to_be_bytes());
    store.extend(u32::try_from(certificates.len()).unwrap_or(u32::MAX).to_be_bytes());
    for (number, certificate) in certificates.enumerate() {
        store.extend(TRUSTED.to_be_bytes());
        push_text(&mut store, &format!("wraptap-{number}"));
        // the time of its addition
        store.extend(0_u64.to_be_bytes());
        push_text(&mut store, "X.509");
        store.extend(u32::try_from(certificate.len()).unwrap_or(u32::MAX).to_be_bytes());
        store.extend_from_slice(certificate);
    }
    let mut salted: Vec<u8> = PASSWORD.encode_utf16().flat_map(u16::to_be_bytes).collect();
    salted.extend_from_slice(SALT);
    salted.extend_from_slice(&store);
    store.extend_from_slice(digest(&SHA1_FOR_LEGACY_USE_ONLY, &salted).as_ref());
    store
}

/// Returns the trusted certificates (DER) of a store in either format; none if it is something else, or
/// encrypted.
pub(super) fn read(store: &[u8]) -> Vec<Vec<u8>> {
    let mut found = Vec::new();
    if store.starts_with(&MAGIC) {
        // entries after an invalid one are lost
        let _ = read_jks(DerReader(store), &mut found);
    } else {
        read_pkcs12(store, &mut found);
    }
    found
}

fn read_jks(mut store: DerReader<'_>, found: &mut Vec<Vec<u8>>) -> Option<()> {
    store.take(4)?;
    let version = store.number()?;
    for _ in 0..store.number()? {
        if store.number()? != TRUSTED {
            // an entry with a key: this is not a store of root certificates
            return None;
        }
        store.text()?;
        store.take(8)?;
        if version >= VERSION {
            store.text()?;
        }
        let length = usize::try_from(store.number()?).ok()?;
        found.push(store.take(length)?.to_vec());
    }
    Some(())
}

/// Searches DER and what is nested in it for the values that follow the object id of a certificate.
fn read_pkcs12(der: &[u8], found: &mut Vec<Vec<u8>>) {
    let mut rest = DerReader(der);
    while !rest.0.is_empty() {
        let here = rest.0;
        let Some((tag, inside)) = rest.element() else { return };
        if here.starts_with(&X509) {
            // [0], with the certificate as a byte string in it
            let certificate = rest.element().and_then(|(_, inside)| DerReader(inside).element());
            found.extend(certificate.map(|(_, certificate)| certificate.to_vec()));
        } else if tag & 0x20 != 0 || tag == 0x04 {
            read_pkcs12(inside, found);
        }
    }
}

fn push_text(store: &mut Vec<u8>, text: &str) {
    store.extend(u16::try_from(text.len()).unwrap_or(u16::MAX).to_be_bytes());
    store.extend_from_slice(text.as_bytes());
}

/// A cursor over bytes.
struct DerReader<'a>(&'a [u8]);

impl<'a> DerReader<'a> {
    fn take(&mut self, count: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(count)?;
        self.0 = rest;
        Some(taken)
    }

    fn number(&mut self) -> Option<u32> {
        Some(u32::from_be_bytes(self.take(4)?.try_into().ok()?))
    }

    fn text(&mut self) -> Option<&'a [u8]> {
        let length = u16::from_be_bytes(self.take(2)?.try_into().ok()?);
        self.take(usize::from(length))
    }

    /// Takes one element of DER; returns its tag and its content.
    fn element(&mut self) -> Option<(u8, &'a [u8])> {
        let head = self.take(2)?;
        let length = match head[1] {
            short @ 0..=0x7f => usize::from(short),
            long @ 0x81..=0x84 => {
                let bytes = self.take(usize::from(long & 0x7f))?;
                bytes.iter().fold(0, |length, byte| length << 8 | usize::from(*byte))
            }
            _ => return None,
        };
        Some((head[0], self.take(length)?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use base64::Engine;

    /// A store of one certificate, as keytool of JDK 17 writes it when asked to encrypt nothing.
    const PKCS12: &str = concat!(
        "MIIByQIBAzCCAcIGCSqGSIb3DQEHAaCCAbMEggGvMIIBqzCCAacGCSqGSIb3DQEHAaCCAZgEggGUMIIBkDCCAYwGCyqGSIb3DQEM",
        "CgEDoIIBTjCCAUoGCiqGSIb3DQEJFgGgggE6BIIBNjCCATIwgdmgAwIBAgIIN1Ji68fAaM0wCgYIKoZIzj0EAwIwDjEMMAoGA1UE",
        "AxMDb25lMB4XDTI2MTEyMDEzMzIxMVoXDTM2MTExNzEzMzIxMVowDjEMMAoGA1UEAxMDb25lMFkwEwYHKoZIzj0CAQYIKoZIzj0D",
        "AQcDQgAEeHEvWIi5N0bidIzKdcyUAUcK8CkV5tTBA2AzkJIzzI3CIS9IgOH8iW/7S9AuS0QQDjb2uLYpwF3Ux0EWjJ0CDqMhMB8w",
        "HQYDVR0OBBYEFGd2f/P2capoc1FTXHjyEo9sRSTxMAoGCCqGSM49BAMCA0gAMEUCIG4Q5j17wcCeBxM3i8QRCtnud/ZbU6jsQFAp",
        "jw7cwA6zAiEAgnJgZh5LVohmHxi0kYr7/84NMuwvohlWnOaiiYj0VA4xKzARBgkqhkiG9w0BCRQxBB4CAGEwFgYMYIZIAYb5Zq3K",
        "ewEBMQYGBFUdJQA="
    );

    #[test]
    fn what_is_written_is_read_again() {
        let certificates: [&[u8]; 3] = [b"one", b"", &[7; 70_000]];
        let store = write(certificates.into_iter());
        assert_eq!(store[..12], [0xfe, 0xed, 0xfe, 0xed, 0, 0, 0, 2, 0, 0, 0, 3]);
        assert_eq!(read(&store), certificates);
    }

    #[test]
    fn the_newer_format_gives_the_same_certificate_as_the_older_one() {
        let store = base64::engine::general_purpose::STANDARD.decode(PKCS12).unwrap();
        let found = read(&store);
        assert_eq!(found.len(), 1);
        assert_eq!((found[0].len(), &found[0][..4]), (310, &[0x30, 0x82, 0x01, 0x32][..]));
        assert_eq!(read(&write(found.iter().map(Vec::as_slice))), found);
    }

    #[test]
    fn a_store_that_is_cut_gives_the_entries_before_the_cut() {
        let store = write([&b"one"[..], b"two"].into_iter());
        assert_eq!(read(&store[..store.len() - 22]), [b"one"]);
        let newer = base64::engine::general_purpose::STANDARD.decode(PKCS12).unwrap();
        for length in 0..newer.len() - 1 {
            assert!(read(&newer[..length]).len() <= 1);
        }
        for nothing in
            [&b""[..], b"-----BEGIN", &[0xfe, 0xed, 0xfe, 0xed], &[0x30, 0x84, 0xff, 0xff, 0xff, 0xff]]
        {
            assert!(read(nothing).is_empty());
        }
    }
}
