-- Triggers that turn changed rows into deltas of the statistics.
SELECT 1;
