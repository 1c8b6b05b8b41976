//! Licence expressions, as far as packages use them: `MIT OR (Apache-2.0 WITH LLVM-exception AND BSD-3-Clause)`.

/// Whether one may choose among the licences so that each chosen one is allowed.
pub(super) fn is_allowed(expression: &str, allowed: &dyn Fn(&str) -> bool) -> bool {
    // Before SPDX a slash stood for OR.
    let spaced = expression.replace('/', " OR ").replace('(', " ( ").replace(')', " ) ");
    let words: Vec<&str> = spaced.split_whitespace().collect();
    let mut rest = words.as_slice();
    let answer = either(&mut rest, allowed);
    answer && rest.is_empty()
}

fn either(rest: &mut &[&str], allowed: &dyn Fn(&str) -> bool) -> bool {
    let mut answer = both(rest, allowed);
    while next_is(rest, "OR") {
        // Not `||`: the right side must be read whatever the left says.
        answer |= both(rest, allowed);
    }
    answer
}

fn both(rest: &mut &[&str], allowed: &dyn Fn(&str) -> bool) -> bool {
    let mut answer = single(rest, allowed);
    while next_is(rest, "AND") {
        answer &= single(rest, allowed);
    }
    answer
}

fn single(rest: &mut &[&str], allowed: &dyn Fn(&str) -> bool) -> bool {
    if next_is(rest, "(") {
        let inner = either(rest, allowed);
        return next_is(rest, ")") && inner;
    }
    let Some((licence, further)) = rest.split_first() else { return false };
    *rest = further;
    // An exception only permits more.
    if next_is(rest, "WITH") {
        *rest = rest.get(1..).unwrap_or_default();
    }
    allowed(licence)
}

fn next_is(rest: &mut &[&str], word: &str) -> bool {
    let found = rest.first() == Some(&word);
    *rest = &rest[usize::from(found)..];
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn allowed(expression: &str) -> bool {
        is_allowed(expression, &|licence| ["MIT", "Apache-2.0"].contains(&licence))
    }

    #[test]
    fn one_of_several_licences_is_enough() {
        assert!(allowed("GPL-3.0 OR MIT"));
        assert!(allowed("MIT/GPL-3.0"));
        assert!(!allowed("GPL-3.0 OR AGPL-3.0"));
    }

    #[test]
    fn all_of_several_licences_must_be_allowed() {
        assert!(allowed("MIT AND Apache-2.0"));
        assert!(!allowed("MIT AND OpenSSL"));
        assert!(!allowed("(MIT OR Apache-2.0) AND GPL-2.0"));
        assert!(allowed("(MIT OR GPL-2.0) AND (Apache-2.0 WITH LLVM-exception)"));
    }

    #[test]
    fn what_cannot_be_read_is_not_allowed() {
        assert!(!allowed(""));
        assert!(!allowed("MIT MIT"));
        assert!(!allowed("(MIT"));
        assert!(!allowed("MIT AND"));
    }
}
