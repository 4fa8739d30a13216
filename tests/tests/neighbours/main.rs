//! Tests that one client does nothing to another.
//!
//! Each attack of [`belljar_tests::attacks`], and each hostile script of the other tests, is run
//! while residents ask for small things and know the right answers. None of them may be failed or
//! get another's answer; 99 of 100 may wait at most twenty times as long as in quiet, and a second.
//! The server has to be afterwards as it was before.
//!
//! `BELLJAR_NEIGHBOURS=full` looks at each attack for longer, and judges how late answers come; without
//! it that is only told.

mod aims;
mod length;
mod limits;
mod ordinary;
mod residents;
mod scripts;
mod stand;
mod stranger;
