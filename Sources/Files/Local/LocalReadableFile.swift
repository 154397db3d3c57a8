import Glibc
import HoneyCore

/// An open file of the machine, read with `pread`.
final class LocalReadableFile: ReadableFile {
    let location: FileLocation
    let size: Int
    private let descriptor: Int32

    /// Takes the descriptor over.
    init(location: FileLocation, descriptor: Int32, size: Int) {
        self.location = location
        self.descriptor = descriptor
        self.size = size
    }

    deinit { Glibc.close(descriptor) }

    func read(at offset: Int, count: Int, into target: UnsafeMutableRawPointer) throws -> Int {
        // What another process appends meanwhile is not part of what was opened.
        guard offset >= 0, offset < size else { return 0 }
        let wanted = min(count, size - offset)
        var done = 0
        while done < wanted {
            let taken = try SystemCall.run("read", location) {
                pread(descriptor, target + done, wanted - done, offset + done)
            }
            if taken == 0 { break }
            done += taken
        }
        return done
    }
}
