//! For wharf's own tests: a transport that follows a script.
#![forbid(unsafe_code)]

mod script_io;

pub use script_io::{Read, ScriptHandle, ScriptIo, Slices, Step, Write, drop_after};
