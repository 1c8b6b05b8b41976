//! x
use crate::fault::Fault;
use wharf_check::Role;
pub(crate) const TABLE: &[(Fault, Role, &[&str])] = &[];
pub(crate) const UNCAUGHT: &[(&str, &str)] = &[];
