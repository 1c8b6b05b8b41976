//! For wharf's own tests.
#![forbid(unsafe_code)]
