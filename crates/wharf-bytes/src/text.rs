//! Shared text.

use crate::utf8::{InvalidUtf8, from_utf8};
use alloc::{borrow::Cow, boxed::Box, string::String, vec::Vec};
use bytes::{Bytes, BytesMut};
use core::{
    borrow::Borrow,
    convert::Infallible,
    fmt,
    hash::{Hash, Hasher},
    ops::{Deref, RangeBounds},
    str::FromStr,
};

/// Shared bytes that are known to be UTF-8: a cheap clone, a `&str` without a check.
///
/// A clone and a [`slice`](Self::slice) share the memory of the whole; the memory is given back when the
/// last of them goes. All that `str` can do it can do too, as it derefs to `str`.
///
/// ```
/// use wharf_bytes::Text;
///
/// let text = Text::from("subscribe: weather");
/// assert!(text.starts_with("subscribe"));
///
/// let topic = text.slice(11..).expect("11 stands between two characters");
/// assert_eq!(topic, "weather");
/// ```
#[derive(Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Text(Bytes); // INVARIANT: UTF-8; every constructor checks or is handed a `str`.

impl Text {
    /// An empty text; allocates nothing.
    pub const fn new() -> Self {
        Self(Bytes::new())
    }

    /// A text that lives for ever; nothing is copied.
    pub const fn from_static(text: &'static str) -> Self {
        Self(Bytes::from_static(text.as_bytes()))
    }

    /// Copies `bytes` if they are UTF-8.
    ///
    /// # Errors
    /// [`InvalidUtf8`] if they are not. To hand bytes over without a copy there is `TryFrom<Bytes>`.
    pub fn copy_from_utf8(bytes: &[u8]) -> Result<Self, InvalidUtf8> {
        from_utf8(bytes).map(Self::from)
    }

    /// The text whose bytes these are.
    ///
    /// # Safety
    /// `bytes` are UTF-8.
    #[expect(unsafe_code, reason = "the caller has checked the bytes already")]
    pub(crate) const unsafe fn from_utf8_unchecked(bytes: Bytes) -> Self {
        Self(bytes)
    }

    /// The text.
    #[expect(unsafe_code, reason = "the type's invariant is what spares the second check")]
    pub fn as_str(&self) -> &str {
        // SAFETY: INVARIANT of `Text`: `self.0` is UTF-8, and `Bytes` cannot change.
        unsafe { core::str::from_utf8_unchecked(&self.0) }
    }

    /// The bytes, without a copy.
    pub fn into_bytes(self) -> Bytes {
        self.0
    }

    /// The part of the text in `range`, in bytes; it shares the memory.
    ///
    /// `None` if the range reaches beyond the text or cuts a code point, as with [`str::get`].
    ///
    /// ```
    /// use wharf_bytes::Text;
    ///
    /// let text = Text::from_static("grün");
    /// assert_eq!(text.slice(..2), Some(Text::from_static("gr")));
    /// assert_eq!(text.slice(..3), None); // inside the ü
    /// assert_eq!(text.slice(..9), None);
    /// ```
    pub fn slice(&self, range: impl RangeBounds<usize>) -> Option<Self> {
        let range = (range.start_bound().cloned(), range.end_bound().cloned());
        self.as_str().get(range).map(|part| self.share(part))
    }

    /// `part` as a text of its own that shares the memory, if it is a part of this text.
    ///
    /// What `str` finds by splitting, trimming or matching is such a part.
    ///
    /// ```
    /// use wharf_bytes::Text;
    ///
    /// let text = Text::from_static("topic: weather ");
    /// let (_, name) = text.split_once(':').expect("it has a colon");
    /// assert_eq!(text.slice_ref(name.trim()), Some(Text::from_static("weather")));
    /// assert_eq!(text.slice_ref("weather"), None); // equal, and elsewhere
    /// ```
    pub fn slice_ref(&self, part: &str) -> Option<Self> {
        let here = self.0.as_ptr_range();
        let there = part.as_bytes().as_ptr_range();
        let within = here.start <= there.start && there.end <= here.end;
        (within || part.is_empty()).then(|| self.share(part))
    }

    /// `part` is a part of this text, or empty: for what is neither, `Bytes::slice_ref` panics.
    fn share(&self, part: &str) -> Self {
        Self(self.0.slice_ref(part.as_bytes()))
    }
}

impl Deref for Text {
    type Target = str;

    fn deref(&self) -> &str {
        self.as_str()
    }
}

impl AsRef<str> for Text {
    fn as_ref(&self) -> &str {
        self.as_str()
    }
}

impl AsRef<[u8]> for Text {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

impl Borrow<str> for Text {
    fn borrow(&self) -> &str {
        self.as_str()
    }
}

// `Bytes` hashes otherwise than `str`, and `Borrow<str>` asks for the same hash. The derived orders are
// those of `str`: both compare bytes.
impl Hash for Text {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.as_str().hash(state);
    }
}

impl PartialEq<str> for Text {
    fn eq(&self, other: &str) -> bool {
        self.as_str() == other
    }
}

impl PartialEq<&str> for Text {
    fn eq(&self, other: &&str) -> bool {
        self.as_str() == *other
    }
}

impl PartialEq<String> for Text {
    fn eq(&self, other: &String) -> bool {
        self.as_str() == other
    }
}

impl PartialEq<Text> for str {
    fn eq(&self, other: &Text) -> bool {
        self == other.as_str()
    }
}

impl PartialEq<Text> for &str {
    fn eq(&self, other: &Text) -> bool {
        *self == other.as_str()
    }
}

impl PartialEq<Text> for String {
    fn eq(&self, other: &Text) -> bool {
        self == other.as_str()
    }
}

/// Copies.
impl From<&str> for Text {
    fn from(text: &str) -> Self {
        Self(Bytes::copy_from_slice(text.as_bytes()))
    }
}

/// Copies nothing.
impl From<String> for Text {
    fn from(text: String) -> Self {
        Self(Bytes::from(text.into_bytes()))
    }
}

/// Copies nothing.
impl From<Box<str>> for Text {
    fn from(text: Box<str>) -> Self {
        Self(Bytes::from(text.into_boxed_bytes()))
    }
}

/// Copies what is borrowed.
impl From<Cow<'_, str>> for Text {
    fn from(text: Cow<'_, str>) -> Self {
        match text {
            Cow::Borrowed(text) => Self::from(text),
            Cow::Owned(text) => Self::from(text),
        }
    }
}

impl From<char> for Text {
    fn from(character: char) -> Self {
        Self::from(&*character.encode_utf8(&mut [0; 4]))
    }
}

/// Copies; it never fails.
impl FromStr for Text {
    type Err = Infallible;

    fn from_str(text: &str) -> Result<Self, Infallible> {
        Ok(Self::from(text))
    }
}

/// Copies nothing; bytes that are not UTF-8 come back in the error.
impl TryFrom<Bytes> for Text {
    type Error = NotUtf8;

    fn try_from(bytes: Bytes) -> Result<Self, NotUtf8> {
        if from_utf8(&bytes).is_ok() { Ok(Self(bytes)) } else { Err(NotUtf8(bytes)) }
    }
}

/// Copies nothing; bytes that are not UTF-8 come back in the error.
impl TryFrom<BytesMut> for Text {
    type Error = NotUtf8;

    fn try_from(bytes: BytesMut) -> Result<Self, NotUtf8> {
        Self::try_from(bytes.freeze())
    }
}

/// Copies nothing; bytes that are not UTF-8 come back in the error.
impl TryFrom<Vec<u8>> for Text {
    type Error = NotUtf8;

    fn try_from(bytes: Vec<u8>) -> Result<Self, NotUtf8> {
        Self::try_from(Bytes::from(bytes))
    }
}

/// Copies nothing.
impl From<Text> for Bytes {
    fn from(text: Text) -> Self {
        text.0
    }
}

/// Copies only if the text is shared, or static.
impl From<Text> for Vec<u8> {
    fn from(text: Text) -> Self {
        Self::from(text.0)
    }
}

/// Copies only if the text is shared, or static.
impl From<Text> for String {
    #[expect(unsafe_code, reason = "the type's invariant is what spares the second check")]
    fn from(text: Text) -> Self {
        // SAFETY: INVARIANT of `Text`: its bytes are UTF-8.
        unsafe { Self::from_utf8_unchecked(Vec::from(text.0)) }
    }
}

impl fmt::Debug for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.as_str(), f)
    }
}

impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self.as_str(), f)
    }
}

/// Bytes that were to become [`Text`] and are not UTF-8; they come back unchanged.
///
/// ```
/// use wharf_bytes::Text;
///
/// let error = Text::try_from(b"caf\xe9".to_vec()).expect_err("Latin-1");
/// assert_eq!(error.valid_up_to(), 3);
/// assert_eq!(&error.0[..], b"caf\xe9");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotUtf8(pub Bytes);

impl NotUtf8 {
    /// How many bytes, from the start, are UTF-8. Looks through the bytes.
    pub fn valid_up_to(&self) -> usize {
        core::str::from_utf8(&self.0).map_or_else(|error| error.valid_up_to(), str::len)
    }
}

impl fmt::Display for NotUtf8 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (len, at) = (self.0.len(), self.valid_up_to());
        write!(f, "{len} bytes that are not UTF-8 from byte {at} on; send them as a binary message")
    }
}

impl core::error::Error for NotUtf8 {}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::{
        collections::{BTreeMap, HashMap},
        string::ToString,
        vec,
    };

    /// All ways lead to the same text.
    #[test]
    fn every_kind_of_text_becomes_text() {
        let expected = Text::from_static("grün");
        assert_eq!(Text::from("grün"), expected);
        assert_eq!(Text::from(String::from("grün")), expected);
        assert_eq!(Text::from(Box::<str>::from("grün")), expected);
        assert_eq!(Text::from(Cow::Borrowed("grün")), expected);
        assert_eq!(Text::from(Cow::<str>::Owned(String::from("grün"))), expected);
        assert_eq!("grün".parse(), Ok(expected.clone()));
        assert_eq!(Text::copy_from_utf8("grün".as_bytes()), Ok(expected));
        assert_eq!(Text::from('ü'), "ü");
    }

    /// RFC 6455 §8.1; checklist 71: there is no way to a text that is not UTF-8.
    #[test]
    fn bytes_become_text_only_if_they_are_utf8_and_come_back_otherwise() {
        let latin = Bytes::from_static(b"gr\xfcn");
        let refused = NotUtf8(latin.clone());
        assert_eq!(Text::try_from(latin.clone()), Err(refused.clone()));
        assert_eq!(Text::try_from(latin.to_vec()), Err(refused.clone()));
        assert_eq!(Text::try_from(BytesMut::from(&latin[..])), Err(refused));
        assert_eq!(Text::copy_from_utf8(&latin), Err(InvalidUtf8));
        assert_eq!(Text::try_from(b"gr\xc3\xbcn".to_vec()), Ok(Text::from("grün")));
    }

    /// The message says what is wrong, where, and what to do.
    #[test]
    fn the_error_names_the_first_byte_that_is_not_utf8() {
        let error = NotUtf8(Bytes::from_static(b"gr\xfcn"));
        assert_eq!(
            error.to_string(),
            "4 bytes that are not UTF-8 from byte 2 on; send them as a binary message"
        );
    }

    /// `Borrow<str>` asks that a map keyed by texts finds them by `str`.
    #[test]
    fn maps_keyed_by_text_are_searched_by_str() {
        let hashed = HashMap::from([(Text::from("a"), 1), (Text::from("grün"), 2)]);
        let sorted = BTreeMap::from([(Text::from("a"), 1), (Text::from("grün"), 2)]);
        assert_eq!(hashed.get("grün"), Some(&2));
        assert_eq!(sorted.get("grün"), Some(&2));
    }

    /// A text compares with what it derefs to, from both sides.
    #[test]
    fn text_equals_the_same_str_and_string() {
        let text = Text::from("grün");
        let string = String::from("grün");
        assert_eq!(text, *"grün");
        assert_eq!(text, "grün");
        assert_eq!(text, string);
        assert_eq!(*"grün", text);
        assert_eq!("grün", text);
        assert_eq!(string, text);
        assert_ne!(text, "gruen");
        assert_ne!("gruen", text);
    }

    /// Slices share memory, and stay within the text and between its code points.
    #[test]
    fn a_slice_shares_the_memory_of_the_whole() {
        let text = Text::from("grün und blau");
        let part = text.slice(2..=3).unwrap();
        assert_eq!(part, "ü");
        assert_eq!(part.as_ptr(), text[2..].as_ptr());
        assert_eq!(text.slice(3..), None);
        assert_eq!(text.slice(..=usize::MAX), None);
        assert_eq!(text.slice(15..), None);
        assert_eq!(text.slice(14..), Some(Text::new()));
        assert_eq!(text.slice(..).as_deref(), Some("grün und blau"));
    }

    /// A part that was found by a method of `str` can be owned without a copy; a stranger cannot.
    #[test]
    fn a_part_found_by_str_is_owned_without_a_copy() {
        let text = Text::from("grün und blau");
        let last = text.split(' ').next_back().unwrap();
        assert_eq!(text.slice_ref(last).unwrap().as_ptr(), last.as_ptr());
        assert_eq!(text.slice_ref("blau"), None);
        assert_eq!(text.slice_ref(""), Some(Text::new()));
        let part = text.slice(..5).unwrap();
        assert_eq!(part.slice_ref(&text), None, "the whole is no part of its part");
    }

    /// A text that nobody shares gives its memory away.
    #[test]
    fn an_unshared_text_becomes_a_string_without_a_copy() {
        let string = String::from("a text of its own");
        let place = string.as_ptr();
        let string = String::from(Text::from(string));
        assert_eq!((string.as_ptr(), &*string), (place, "a text of its own"));
        assert_eq!(Vec::from(Text::from_static("ü")), vec![0xC3, 0xBC]);
        assert_eq!(Bytes::from(Text::from("ü")), Text::from("ü").into_bytes());
    }

    /// Debug and Display are those of `str`.
    #[test]
    fn text_prints_as_str_does() {
        assert_eq!(std::format!("{:?} {0:>3}", Text::from("ü")), "\"ü\"   ü");
    }

    proptest! {
        /// `Borrow<str>` asks for the same order.
        #[test]
        fn texts_are_ordered_as_their_strs(one: String, other: String) {
            prop_assert_eq!(Text::from(&*one).cmp(&Text::from(&*other)), one.cmp(&other));
        }

        /// A slice is what `str::get` gives.
        #[test]
        fn a_slice_is_what_str_gets(text: String, from in 0..40_usize, to in 0..40_usize) {
            let slice = Text::from(&*text).slice(from..to);
            prop_assert_eq!(slice.as_deref(), text.get(from..to));
        }
    }
}
