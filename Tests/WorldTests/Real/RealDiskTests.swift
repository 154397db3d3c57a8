import Foundation
import HoneyWorld
import NIOCore
import Testing

struct RealDiskTests {
    /// Gives a disk in a folder of its own, which goes afterwards.
    private func withDisk(_ body: (RealDisk, String) throws -> Void) throws {
        let folder = NSTemporaryDirectory() + "/honey-disk-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try body(try RealDisk(directory: folder), folder)
    }

    @Test func filesKeepWhatIsWrittenWhereItIsWritten() throws {
        try withDisk { disk, folder in
            try disk.makeDirectory("current/deep")
            let file = try disk.open("current/deep/log", .create)
            try file.write(ByteBuffer(string: "world"), at: 6)
            try file.write(ByteBuffer(string: "hello,"), at: 0)
            file.startWriteback(0..<4096)
            try file.synchronize()
            try disk.synchronize("current/deep")
            #expect(file.size == 11)
            try disk.rename("current/deep/log", to: "current/log")
            var read = ByteBuffer()
            #expect(try disk.open("current/log", .read).read(at: 3, count: 100, into: &read) == 8)
            #expect(String(buffer: read) == "lo,world")
            try file.truncate(to: 5)
            #expect(try disk.entry("current/log")?.size == 5 && disk.entry("current/deep/log") == nil)
            #expect(try disk.list("current").map(\.name) == ["deep", "log"])
            try disk.remove("current/log")
            try disk.remove("current/deep")
            #expect(try disk.list("current").isEmpty)
            #expect(try disk.space().capacity > 0)
            #expect(disk.localPath(of: "current") == folder + "/current")
        }
    }

    @Test func whatIsMissingOrOutsideIsAnError() throws {
        try withDisk { disk, _ in
            #expect("not found") { _ = try disk.open("nothing", .read) } throws: {
                ($0 as? DiskError)?.cause == .notFound
            }
            for path in ["/etc/passwd", "../x", "a/../../x", "a\0b"] {
                #expect(throws: DiskError.self, "\(path)") { _ = try disk.open(path, .create) }
            }
        }
    }

    @Test func nobodyElseMayEnterUnlessSaidSo() throws {
        func permissions(of folder: String) throws -> Int? {
            try FileManager.default.attributesOfItem(atPath: folder)[.posixPermissions] as? Int
        }
        try withDisk { disk, folder in
            #expect(try permissions(of: folder) == 0o700)
            disk.release()
            let other = try RealDisk(directory: folder, permissions: 0o750)
            #expect(try permissions(of: folder) == 0o750)
            other.release()
        }
    }

    @Test func oneProcessAtATimeHoldsADirectory() throws {
        try withDisk { disk, folder in
            #expect(throws: DiskError.self) { _ = try RealDisk(directory: folder) }
            #expect(disk.name == folder)
        }
    }
}
