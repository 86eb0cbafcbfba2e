-- A text at which the finding of names breaks is told in a report as one whose record is gone is.
COMMENT ON COLUMN ops.reprocess_page.found IS
    'same: as before; changed: another reading of the article; new: an article that was none; refused: no article, for another reason than before or though it was one; lost: it cannot be read, because its record in the archive is gone, or because its text breaks the reader. NULL: not read yet.';
