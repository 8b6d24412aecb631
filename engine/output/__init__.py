"""What leaves the store: results as text and files, pictures, and the dataset as a whole."""
