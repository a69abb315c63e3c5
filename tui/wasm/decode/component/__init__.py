"""Components: their sections read and checked as a validator of the component model does, apart from core code."""
