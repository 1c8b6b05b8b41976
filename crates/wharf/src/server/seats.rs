//! Places that are taken and left, each found again by its number.

/// A list with holes: who comes next takes the place of who left last.
#[derive(Debug)]
pub(super) struct Seats<T> {
    places: Vec<Place<T>>,
    free: Vec<u32>,
}

#[derive(Debug)]
struct Place<T> {
    /// How often it was left: who was here before is not taken for who is here now.
    left: u32,
    taken: Option<T>,
}

/// Names a place as long as the same one has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Number {
    place: u32,
    left: u32,
}

impl<T> Seats<T> {
    pub(super) const fn new() -> Self {
        Self { places: Vec::new(), free: Vec::new() }
    }

    /// Takes a place. There are more numbers than a process has descriptors.
    pub(super) fn take(&mut self, seat: T) -> Number {
        let free = self.free.pop();
        let index = free.map_or(self.places.len(), |place| place as usize);
        if index == self.places.len() {
            self.places.push(Place { left: 0, taken: None });
        }
        let place = &mut self.places[index];
        place.taken = Some(seat);
        let number =
            u32::try_from(index).expect("each place has a descriptor, and those are an i32");
        Number { place: number, left: place.left }
    }

    pub(super) fn get_mut(&mut self, number: Number) -> Option<&mut T> {
        let place = self.places.get_mut(number.place as usize)?;
        if place.left == number.left { place.taken.as_mut() } else { None }
    }

    /// Leaves a place, if it is still the same one's.
    pub(super) fn leave(&mut self, number: Number) -> Option<T> {
        let place = self.places.get_mut(number.place as usize)?;
        let left = place.taken.take_if(|_| place.left == number.left)?;
        place.left = place.left.wrapping_add(1);
        self.free.push(number.place);
        Some(left)
    }

    pub(super) fn len(&self) -> usize {
        self.places.len() - self.free.len()
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &T> {
        self.places.iter().filter_map(|place| place.taken.as_ref())
    }

    /// Leaves all places.
    pub(super) fn clear(&mut self) -> Vec<T> {
        let taken = (0..).zip(&self.places).filter(|(_, place)| place.taken.is_some());
        let numbers: Vec<_> =
            taken.map(|(index, place)| Number { place: index, left: place.left }).collect();
        numbers.into_iter().filter_map(|number| self.leave(number)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_that_was_left_is_taken_again_under_another_number() {
        let mut seats = Seats::new();
        let (first, second) = (seats.take('a'), seats.take('b'));
        assert_eq!(seats.leave(first), Some('a'));
        assert_eq!(seats.leave(first), None);
        let third = seats.take('c');
        assert_eq!((seats.len(), seats.places.len()), (2, 2));
        assert_eq!(seats.get_mut(first), None);
        assert_eq!(seats.leave(first), None);
        assert_eq!(seats.get_mut(third).copied(), Some('c'));
        assert_eq!(seats.iter().collect::<String>(), "cb");
        assert_eq!(seats.leave(second), Some('b'));
    }

    #[test]
    fn when_all_have_left_nobody_is_found() {
        let mut seats = Seats::new();
        let number = seats.take(1);
        assert_eq!(seats.clear(), [1]);
        assert_eq!((seats.len(), seats.leave(number)), (0, None));
    }
}
