import HoneyFiles
import HoneyStorage

/// What the readers of one file share: the file, its memory, its counters.
final class FileReading {
    let file: any ReadableFile
    var pool = BufferPool()
    var counters = ReadCounters()
    /// Whether days before 1582-10-15 are those of the Julian calendar.
    var hasHybridDates = false

    init(_ file: any ReadableFile) { self.file = file }
}
