import FileSystemContracts
import Foundation
import Glibc
import FileSystemContracts
import HoneyCore
import HoneyFiles
import Testing

struct LocalFileSystemTests {
    private let temporary = TemporaryDirectory()
    private let fileSystem = LocalFileSystem()

    private func code(_ body: () throws -> Void) -> String? {
        do {
            try body()
            return nil
        } catch { return (error as? HoneyError)?.code }
    }

    @Test func deletesLinksWithoutFollowingThem() throws {
        let outside = temporary.location.appending("outside/file")
        try fileSystem.write([1, 2, 3], to: outside)
        try fileSystem.makeDirectory(temporary.location.appending("tree"))
        let link = temporary.location.appending("tree/link")
        try FileManager.default.createSymbolicLink(atPath: link.path, withDestinationPath: outside.parent.path)
        #expect(try fileSystem.list(temporary.location.appending("tree")).first?.isDirectory == true)
        try fileSystem.delete(temporary.location.appending("tree"), recursive: true)
        #expect(try fileSystem.contents(of: outside) == [1, 2, 3])
    }

    @Test func listsAndDeletesNamesThatAreNotText() throws {
        let directory = temporary.location.appending("raw")
        try fileSystem.makeDirectory(directory)
        let path: [CChar] = Array(directory.path.utf8CString.dropLast()) + [0x2F, CChar(bitPattern: 0xFF), 0x61, 0]
        let descriptor = Glibc.open(path, O_WRONLY | O_CREAT, 0o600)
        #expect(descriptor >= 0)
        Glibc.close(descriptor)
        #expect(try fileSystem.list(directory).map(\.location.name) == ["\u{FFFD}a"])
        #expect(code { _ = try fileSystem.open(directory.appending("\u{FFFD}a")) } == "FILE_NOT_FOUND")
        #expect(try fileSystem.delete(directory, recursive: true))
        #expect(try fileSystem.status(directory) == nil)
    }

    @Test func refusesPipesInsteadOfWaitingForThem() throws {
        let pipe = temporary.location.appending("pipe")
        #expect(mkfifo(pipe.path, 0o600) == 0)
        #expect(code { _ = try fileSystem.open(pipe) } == "NOT_A_FILE")
        #expect(code { _ = try fileSystem.create(pipe, overwrite: true) } != nil)
    }

    @Test func namesDisksThatAreFull() throws {
        let full = FileLocation(path: "/dev/full")
        guard try fileSystem.status(full) != nil else { return }
        #expect(code { _ = try fileSystem.create(full, overwrite: true) } == "NOT_A_FILE")
    }

    @Test func refusesWhatPermissionsForbid() throws {
        guard geteuid() != 0 else { return }
        let closed = temporary.location.appending("closed")
        try fileSystem.makeDirectory(closed)
        chmod(closed.path, 0)
        defer { chmod(closed.path, 0o700) }
        #expect(code { _ = try fileSystem.list(closed) } == "PERMISSION_DENIED")
        #expect(code { try fileSystem.write([], to: closed.appending("x")) } == "PERMISSION_DENIED")
    }

    @Test func doesNotReadWhatWasAppendedAfterOpening() throws {
        let location = temporary.location.appending("growing")
        try fileSystem.write(Array("old".utf8), to: location)
        let file = try fileSystem.open(location)
        let more = try fileSystem.append(location)
        try Array(" new".utf8).withUnsafeBytes { try more.write($0) }
        try more.close()
        var buffer = [UInt8](repeating: 0, count: 16)
        #expect(try buffer.withUnsafeMutableBytes { try file.read(at: 0, count: 16, into: $0.baseAddress!) } == 3)
    }

    @Test func sendsMessagesWithPathAndCause() throws {
        let missing = temporary.location.appending("missing")
        #expect { try fileSystem.open(missing) } throws: { error in
            "\(error)" == "cannot open: no such file or directory (\(missing))"
        }
    }
}
