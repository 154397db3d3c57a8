import HoneyCore
import HoneyWorld
import NIOCore

/// The file `current/epoch` of a shared directory: a number that goes up with each NameNode that takes the log over.
extension StorageDirectory {
    private static let epoch = folder + "/epoch"

    /// Reads the epoch; 0 before anybody took over.
    func readEpoch() throws -> Int {
        guard try disk.entry(Self.epoch) != nil else { return 0 }
        let file = try disk.open(Self.epoch, .read)
        var bytes = ByteBuffer()
        try file.read(at: 0, count: 32, into: &bytes)
        guard let number = Int(String(buffer: bytes)), (0..<Int.max).contains(number) else {
            throw HoneyError.damaged("epoch is no number", path: place(Self.epoch))
        }
        return number
    }

    /// Raises the epoch, durably; returns the new one.
    func raiseEpoch() throws -> Int {
        let raised = try readEpoch() + 1
        try disk.makeDirectory(Self.folder)
        let draft = Self.epoch + ".new"
        let file = try disk.open(draft, .create)
        try file.write(ByteBuffer(string: String(raised)), at: 0)
        try file.synchronize()
        try disk.rename(draft, to: Self.epoch)
        try disk.synchronize(Self.folder)
        return raised
    }
}
