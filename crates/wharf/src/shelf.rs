//! Places with numbers.

/// Things in numbered places; a place that was left is taken again. It is as large as it ever was full.
#[derive(Debug)]
pub(crate) struct Shelf<T> {
    places: Vec<Option<T>>,
    free: Vec<u32>,
}

impl<T> Shelf<T> {
    /// Takes a place, and says which.
    pub(crate) fn put(&mut self, thing: T) -> u32 {
        if let Some(place) = self.free.pop() {
            self.places[place as usize] = Some(thing);
            return place;
        }
        let place = u32::try_from(self.places.len()).expect("memory ends before 2^32 places");
        self.places.push(Some(thing));
        place
    }

    pub(crate) fn get_mut(&mut self, place: u32) -> Option<&mut T> {
        self.places.get_mut(place as usize)?.as_mut()
    }

    /// Leaves a place; `None` if nobody had it.
    pub(crate) fn take(&mut self, place: u32) -> Option<T> {
        let thing = self.places.get_mut(place as usize)?.take()?;
        self.free.push(place);
        Some(thing)
    }

    pub(crate) const fn len(&self) -> usize {
        self.places.len() - self.free.len()
    }

    pub(crate) const fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// What is there, with its place.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (u32, &T)> {
        (0..).zip(&self.places).filter_map(|(place, thing)| Some((place, thing.as_ref()?)))
    }

    /// Everybody leaves.
    pub(crate) fn clear(&mut self) -> impl Iterator<Item = T> + use<T> {
        self.free.clear();
        std::mem::take(&mut self.places).into_iter().flatten()
    }
}

impl<T> Default for Shelf<T> {
    fn default() -> Self {
        Self { places: Vec::new(), free: Vec::new() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_that_was_left_is_taken_again() {
        let mut shelf = Shelf::default();
        let places = ["a", "b", "c"].map(|thing| shelf.put(thing));
        assert_eq!(shelf.take(places[1]), Some("b"));
        assert_eq!(shelf.take(places[1]), None);
        assert_eq!((shelf.len(), shelf.put("d"), shelf.len()), (2, places[1], 3));
        assert_eq!(shelf.iter().map(|(_, thing)| *thing).collect::<String>(), "adc");
        assert_eq!(shelf.clear().collect::<String>(), "adc");
        assert!(shelf.is_empty() && shelf.get_mut(places[0]).is_none());
    }
}
