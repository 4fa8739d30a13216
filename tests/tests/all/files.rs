//! Files and descriptors, as a script's `os` sees them.

use belljar_tests::script;
use serde_json::json;

/// A script that answers what its calls gave: values, or the names of errors.
const SCRIPT: &str = r#"
import errno, os, select, stat

ARCHIVE = "/usr/local/lib/python315.zip"
DATA = ARCHIVE + "/matplotlib/mpl-data"


def attempt(function, *args, **kwargs):
    try:
        return function(*args, **kwargs)
    except OSError as error:
        return errno.errorcode[error.errno]


def main():
    archive = os.open(ARCHIVE, os.O_RDONLY)
    data = os.open(DATA, os.O_RDONLY | os.O_DIRECTORY)
    closed = os.open(ARCHIVE, os.O_RDONLY)
    os.close(closed)
    size = os.fstat(archive).st_size
    return {
        "opening": {
            "new": attempt(os.open, "/new", os.O_WRONLY | os.O_CREAT),
            "exclusive": attempt(os.open, ARCHIVE, os.O_WRONLY | os.O_CREAT | os.O_EXCL),
            "to write": attempt(os.open, ARCHIVE, os.O_RDWR),
            "to empty": attempt(os.open, ARCHIVE, os.O_WRONLY | os.O_TRUNC),
            "directory": attempt(os.open, "/usr", os.O_WRONLY | os.O_CREAT),
            "as a directory": attempt(os.open, ARCHIVE, os.O_RDONLY | os.O_DIRECTORY),
            "slash": attempt(os.open, ARCHIVE + "/", os.O_RDONLY),
            "long": attempt(os.stat, "/" + "a" * 4097),
            "nothing": attempt(os.open, "/nothing", os.O_RDONLY),
        },
        "seeking": {
            "end": os.lseek(archive, 0, os.SEEK_END) == size,
            "behind": os.lseek(archive, 9, os.SEEK_END) == size + 9,
            "nothing is there": len(os.read(archive, 9)),
            "before": attempt(os.lseek, archive, -1, os.SEEK_SET),
            "whence": attempt(os.lseek, archive, 0, 9),
            "directory": attempt(os.lseek, data, 0, os.SEEK_CUR),
            "stream": attempt(os.lseek, 0, 0, os.SEEK_CUR),
        },
        "reading": {
            "anywhere": os.pread(archive, 4, 0) == b"PK\x03\x04",
            "in order": [os.lseek(archive, 2, os.SEEK_SET), os.read(archive, 1), os.read(archive, 1)]
            == [2, b"\x03", b"\x04"],
            "much": len(os.pread(archive, 2 << 20, 0)),
            "directory": attempt(os.read, data, 9),
            "closed": attempt(os.read, closed, 9),
            "output": attempt(os.read, 1, 9),
            "input to write": attempt(os.write, 0, b"x"),
        },
        "directories": {
            "listed": "matplotlibrc" in os.listdir(DATA),
            "relative": stat.S_ISDIR(os.stat("fonts", dir_fd=data).st_mode),
            "from a file": attempt(os.stat, "fonts", dir_fd=archive),
        },
        "waiting": {
            "ready": select.select([0], [1], [], 0) == ([0], [1], []),
            "closed": attempt(select.select, [closed], [], [], 0),
        },
    }
"#;

#[test]
fn files_and_descriptors_answer_as_posix_does() {
    let expected = json!({
        "opening": {
            "new": "EROFS",
            "exclusive": "EEXIST",
            "to write": "EROFS",
            "to empty": "EROFS",
            "directory": "EISDIR",
            "as a directory": "ENOTDIR",
            "slash": "ENOTDIR",
            "long": "ENAMETOOLONG",
            "nothing": "ENOENT",
        },
        "seeking": {
            "end": true,
            "behind": true,
            "nothing is there": 0,
            "before": "EINVAL",
            "whence": "EINVAL",
            "directory": "EISDIR",
            "stream": "ESPIPE",
        },
        "reading": {
            "anywhere": true,
            "in order": true,
            "much": 1 << 20,
            "directory": "EISDIR",
            "closed": "EBADF",
            "output": "EBADF",
            "input to write": "EBADF",
        },
        "directories": { "listed": true, "relative": true, "from a file": "ENOTDIR" },
        "waiting": { "ready": true, "closed": "EBADF" },
    });
    script(SCRIPT).run().gives(&expected);
}
