//! One writer a file, no line ever altered, and what the file system can do to it.

use std::fs;

use super::*;

fn line(id: u64) -> Vec<u8> {
    format!("{{\"v\":1,\"run\":\"r\",\"id\":{id},\"rest\":0}}\n").into_bytes()
}

#[test]
fn ids_go_on_after_a_restart_whatever_order_the_lines_have() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("r.ndjson");
    let mut writer = Writer::open(&path).unwrap();
    assert_eq!(writer.last_id(), 0);
    for id in [1, 3, 2] {
        writer.append(&line(id)).unwrap();
    }
    drop(writer);
    assert_eq!(Writer::open(&path).unwrap().last_id(), 3);
    fs::write(&path, "{\"request\":{},\"id\":41,\"v\":1}\nfoo\n\n{\"id\":40}").unwrap();
    assert_eq!(Writer::open(&path).unwrap().last_id(), 41);
}

#[test]
fn a_torn_line_is_ended_and_nothing_before_it_altered() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("r.ndjson");
    let before = [line(1), line(2)[..20].to_vec()].concat();
    fs::write(&path, &before).unwrap();
    let mut writer = Writer::open(&path).unwrap();
    assert_eq!(fs::read(&path).unwrap(), before);
    writer.append(&line(3)).unwrap();
    writer.append(&line(4)).unwrap();
    assert_eq!(fs::read(&path).unwrap(), [before, b"\n".to_vec(), line(3), line(4)].concat());
}

#[test]
fn a_second_writer_is_refused_and_the_error_names_the_first() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("r.ndjson");
    let first = Writer::open(&path).unwrap();
    match Writer::open(&path) {
        Err(WriterError::Busy { holder, .. }) => {
            assert_eq!(holder, format!("process {}", std::process::id()));
        }
        other => panic!("{other:?}"),
    }
    drop(first);
    assert!(!folder.path().join("r.ndjson.lock").exists());
    Writer::open(&path).unwrap();
}

#[test]
fn a_file_deleted_under_the_writer_is_made_anew() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("sub/r.ndjson");
    let mut writer = Writer::open(&path).unwrap();
    writer.append(&line(1)).unwrap();
    fs::remove_file(&path).unwrap();
    writer.append(&line(2)).unwrap();
    assert_eq!(fs::read(&path).unwrap(), line(2));
    fs::remove_dir_all(folder.path().join("sub")).unwrap();
    writer.append(&line(3)).unwrap();
    assert_eq!(fs::read(&path).unwrap(), line(3));
    assert!(matches!(Writer::open(&path), Err(WriterError::Busy { .. })));
}

#[test]
fn a_file_deleted_in_a_burst_of_lines_is_made_anew_soon() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("r.ndjson");
    let mut writer = Writer::open(&path).unwrap();
    (1..100).for_each(|id| writer.append(&line(id)).unwrap());
    fs::remove_file(&path).unwrap();
    let began = Instant::now();
    while !path.exists() {
        writer.append(&line(100)).unwrap();
        assert!(began.elapsed() < Duration::from_secs(60));
    }
    assert!(fs::read(&path).unwrap().starts_with(&line(100)));
}

#[test]
fn a_folder_that_is_in_the_way_is_named() {
    let folder = tempfile::tempdir().unwrap();
    assert!(matches!(Writer::open(folder.path()), Err(WriterError::Open { .. })));
    let file = folder.path().join("file");
    fs::write(&file, "").unwrap();
    assert!(matches!(
        Writer::open(&file.join("sub/r.ndjson")),
        Err(WriterError::Folder { .. } | WriterError::Open { .. })
    ));
}

#[cfg(unix)]
#[test]
fn files_and_folders_are_for_the_user_alone_and_links_are_not_followed() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("recordings/r.ndjson");
    let writer = Writer::open(&path).unwrap();
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&path), 0o600);
    assert_eq!(mode(path.parent().unwrap()), 0o700);
    assert_eq!(mode(&note(&path)), 0o600);
    let ignored = fs::read_to_string(folder.path().join("recordings/.gitignore")).unwrap();
    assert!(ignored.lines().any(|line| line == "*.ndjson"));
    drop(writer);
    let link = folder.path().join("link.ndjson");
    symlink(&path, &link).unwrap();
    assert!(matches!(Writer::open(&link), Err(WriterError::Link { .. })));
    symlink(folder.path().join("nowhere"), folder.path().join("dangling")).unwrap();
    assert!(matches!(Writer::open(&folder.path().join("dangling")), Err(WriterError::Link { .. })));
}
