//! What is made of outcomes: tables, files and pages.

pub(crate) mod baseline;
pub(crate) mod explain;
pub(crate) mod hex;
pub(crate) mod html;
pub(crate) mod junit;
pub(crate) mod markup;
pub(crate) mod matrix;
pub(crate) mod tally;
