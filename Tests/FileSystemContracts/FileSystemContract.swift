import Foundation
package import HoneyCore
package import HoneyFiles
package import Testing

/// A file system to be held to the contract, with an empty directory of its own.
package struct FileSystemWorld: Sendable, CustomTestStringConvertible {
    package let fileSystem: any FileSystem
    package let root: FileLocation
    /// The hosts that the bytes of a new file are on.
    fileprivate let hosts: [String]
    /// Goes when nobody needs the world any more.
    private let keeper: (any Sendable)?

    package init(
        fileSystem: any FileSystem, root: FileLocation, hosts: [String] = ["localhost"],
        keeping keeper: (any Sendable)? = nil
    ) {
        self.fileSystem = fileSystem
        self.root = root
        self.hosts = hosts
        self.keeper = keeper
    }

    package var testDescription: String { fileSystem.scheme }

    /// The world of a part of the contract, in a directory of its own.
    fileprivate func part(_ name: String) -> FileSystemWorld {
        FileSystemWorld(fileSystem: fileSystem, root: root.appending(name), hosts: hosts, keeping: keeper)
    }

    package func write(_ text: String, to name: String, overwrite: Bool = false) throws {
        try fileSystem.write(Array(text.utf8), to: root.appending(name), overwrite: overwrite)
    }

    package func text(of name: String) throws -> String {
        String(decoding: try fileSystem.contents(of: root.appending(name)), as: UTF8.self)
    }

    package func expectFailure(
        _ code: String, _ body: () throws -> Void, sourceLocation: Testing.SourceLocation = #_sourceLocation
    ) {
        #expect("fails with \(code)", sourceLocation: sourceLocation) { try body() } throws: { error in
            guard let error = error as? HoneyError else { return false }
            return error.code == code && error.file != nil
        }
    }
}

/// A directory that goes when the last user does.
package final class TemporaryDirectory: Sendable {
    package let location: FileLocation

    package init() {
        let path = NSTemporaryDirectory() + "/honey-files-\(UUID().uuidString)"
        location = FileLocation(path: path)
        try? FileManager.default.createDirectory(atPath: location.path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: location.path) }
}

/// What every file system must do, part by part.
package struct FileSystemContract: Sendable, CustomTestStringConvertible {
    package let testDescription: String
    private let check: @Sendable (FileSystemWorld) async throws -> Void

    private init(_ name: String, _ check: @escaping @Sendable (FileSystemWorld) async throws -> Void) {
        testDescription = name
        self.check = check
    }

    /// Checks this part in a directory of its own.
    package func check(_ world: FileSystemWorld) async throws {
        let own = world.part(testDescription)
        try own.fileSystem.makeDirectory(own.root)
        try await check(own)
    }

    package static let all = [
        FileSystemContract("readsWhatWasWritten", readsWhatWasWritten),
        FileSystemContract("readsAtAnyOffset", readsAtAnyOffset),
        FileSystemContract("writesManyPiecesOfAnySize", writesManyPiecesOfAnySize),
        FileSystemContract("appendsWhereItCan", appendsWhereItCan),
        FileSystemContract("createsOverAFileOnlyWhenAsked", createsOverAFileOnlyWhenAsked),
        FileSystemContract("namesWhatIsMissing", namesWhatIsMissing),
        FileSystemContract("listsByName", listsByName),
        FileSystemContract("keepsNamesApartThatOnlyLookAlike", keepsNamesApartThatOnlyLookAlike),
        FileSystemContract("refusesNamesThatCannotBe", refusesNamesThatCannotBe),
        FileSystemContract("makesDirectoriesOnceOrAgain", makesDirectoriesOnceOrAgain),
        FileSystemContract("renamesWithoutReplacing", renamesWithoutReplacing),
        FileSystemContract("deletesATreeOnlyWhenAsked", deletesATreeOnlyWhenAsked),
        FileSystemContract("keepsWhatAReaderOpened", keepsWhatAReaderOpened),
        FileSystemContract("tellsWhereBytesAre", tellsWhereBytesAre),
        FileSystemContract("letsOneOfManyWritersWin", letsOneOfManyWritersWin),
    ]

    @Sendable private static func readsWhatWasWritten(_ world: FileSystemWorld) throws {
        try world.write("honey", to: "a/b/c.txt")
        #expect(try world.text(of: "a/b/c.txt") == "honey")
        let status = try #require(try world.fileSystem.status(world.root.appending("a/b/c.txt")))
        #expect(!status.isDirectory && status.size == 5 && status.permissions & 0o600 == 0o600)
        #expect(status.modifiedMilliseconds > 1_500_000_000_000 && !status.owner.isEmpty && !status.group.isEmpty)
        #expect(try world.fileSystem.status(world.root.appending("a/b"))?.isDirectory == true)
    }

    @Sendable private static func readsAtAnyOffset(_ world: FileSystemWorld) throws {
        try world.write("0123456789", to: "digits")
        let file = try world.fileSystem.open(world.root.appending("digits"))
        #expect(file.size == 10)
        var buffer = [UInt8](repeating: 0, count: 16)
        func read(_ offset: Int, _ count: Int) throws -> String {
            let taken = try buffer.withUnsafeMutableBytes {
                try file.read(at: offset, count: count, into: $0.baseAddress!)
            }
            return String(decoding: buffer.prefix(taken), as: UTF8.self)
        }
        #expect(try read(3, 4) == "3456")
        #expect(try read(8, 16) == "89")
        #expect(try read(10, 1) == "")
        #expect(try read(99, 1) == "")
        #expect(try read(-1, 1) == "")
        #expect(try read(0, 0) == "")
    }

    @Sendable private static func writesManyPiecesOfAnySize(_ world: FileSystemWorld) throws {
        let file = try world.fileSystem.create(world.root.appending("pieces"), overwrite: false)
        var expected: [UInt8] = []
        for size in [0, 1, 70_000, 3, 65_535, 65_536, 12] {
            let piece = (0..<size).map { UInt8(truncatingIfNeeded: $0 &+ size) }
            try piece.withUnsafeBytes { try file.write($0) }
            expected += piece
            #expect(file.size == expected.count)
        }
        try file.close()
        try file.close()
        #expect(try world.fileSystem.contents(of: world.root.appending("pieces")) == expected)
        world.expectFailure("FILE_TOO_LARGE") {
            _ = try world.fileSystem.contents(of: world.root.appending("pieces"), limit: 100)
        }
        world.expectFailure("IO_ERROR") { try [1].withUnsafeBytes { try file.write($0) } }
    }

    @Sendable private static func appendsWhereItCan(_ world: FileSystemWorld) throws {
        guard world.fileSystem.traits.canAppend else { return }
        try world.write("one", to: "log")
        let file = try world.fileSystem.append(world.root.appending("log"))
        #expect(file.size == 3)
        try Array(" two".utf8).withUnsafeBytes { try file.write($0) }
        try file.close()
        #expect(try world.text(of: "log") == "one two")
        world.expectFailure("FILE_NOT_FOUND") { _ = try world.fileSystem.append(world.root.appending("nothing")) }
    }

    @Sendable private static func createsOverAFileOnlyWhenAsked(_ world: FileSystemWorld) throws {
        try world.write("old content", to: "file")
        world.expectFailure("FILE_EXISTS") { try world.write("new", to: "file") }
        #expect(try world.text(of: "file") == "old content")
        try world.write("new", to: "file", overwrite: true)
        #expect(try world.text(of: "file") == "new")
        try world.fileSystem.makeDirectory(world.root.appending("directory"))
        world.expectFailure("NOT_A_FILE") { try world.write("x", to: "directory", overwrite: true) }
        world.expectFailure("NOT_A_DIRECTORY") { try world.write("x", to: "file/below") }
    }

    @Sendable private static func namesWhatIsMissing(_ world: FileSystemWorld) throws {
        try world.write("x", to: "file")
        let nothing = world.root.appending("nothing")
        #expect(try world.fileSystem.status(nothing) == nil)
        #expect(try world.fileSystem.status(world.root.appending("file/below")) == nil)
        #expect(try world.fileSystem.delete(nothing, recursive: true) == false)
        world.expectFailure("FILE_NOT_FOUND") { _ = try world.fileSystem.open(nothing) }
        world.expectFailure("FILE_NOT_FOUND") { _ = try world.fileSystem.list(nothing) }
        world.expectFailure("FILE_NOT_FOUND") {
            try world.fileSystem.rename(nothing, to: world.root.appending("other"))
        }
        world.expectFailure("FILE_NOT_FOUND") {
            try world.fileSystem.rename(world.root.appending("file"), to: nothing.appending("file"))
        }
        world.expectFailure("NOT_A_DIRECTORY") { _ = try world.fileSystem.list(world.root.appending("file")) }
        world.expectFailure("NOT_A_FILE") { _ = try world.fileSystem.open(world.root) }
    }

    @Sendable private static func listsByName(_ world: FileSystemWorld) throws {
        for name in ["b", "a", "ä", "B", "a b", "_hidden", ".dot", "p=x%2Fy", "日本"] {
            try world.write(name, to: "list/\(name)")
        }
        try world.fileSystem.makeDirectory(world.root.appending("list/c/d"))
        let listed = try world.fileSystem.list(world.root.appending("list"))
        #expect(listed.map(\.location.name) == [".dot", "B", "_hidden", "a", "a b", "b", "c", "p=x%2Fy", "ä", "日本"])
        #expect(listed.filter(\.isDirectory).map(\.location.name) == ["c"])
        for status in listed where !status.isDirectory {
            #expect(try world.fileSystem.status(status.location)?.size == status.size)
        }
    }

    @Sendable private static func keepsNamesApartThatOnlyLookAlike(_ world: FileSystemWorld) throws {
        try world.write("composed", to: "same/\u{E9}")
        try world.write("decomposed", to: "same/e\u{301}")
        #expect(try world.fileSystem.list(world.root.appending("same")).count == 2)
        #expect(try world.text(of: "same/\u{E9}") == "composed")
        #expect(try world.text(of: "same/e\u{301}") == "decomposed")
    }

    @Sendable private static func refusesNamesThatCannotBe(_ world: FileSystemWorld) throws {
        let long = String(repeating: "x", count: 300)
        world.expectFailure("IO_ERROR") { try world.write("x", to: long) }
        world.expectFailure("IO_ERROR") { try world.fileSystem.makeDirectory(world.root.appending("a/\(long)/b")) }
        world.expectFailure("IO_ERROR") { try world.write("x", to: "zero\0byte") }
        try world.write("x", to: "short")
        world.expectFailure("IO_ERROR") {
            try world.fileSystem.rename(world.root.appending("short"), to: world.root.appending(long))
        }
    }

    @Sendable private static func makesDirectoriesOnceOrAgain(_ world: FileSystemWorld) throws {
        let deep = world.root.appending("x/y/z")
        try world.fileSystem.makeDirectory(deep)
        try world.fileSystem.makeDirectory(deep)
        #expect(try world.fileSystem.list(deep).isEmpty)
        try world.write("x", to: "x/file")
        world.expectFailure("NOT_A_DIRECTORY") { try world.fileSystem.makeDirectory(world.root.appending("x/file")) }
        world.expectFailure("NOT_A_DIRECTORY") {
            try world.fileSystem.makeDirectory(world.root.appending("x/file/below"))
        }
    }

    @Sendable private static func renamesWithoutReplacing(_ world: FileSystemWorld) throws {
        let fileSystem = world.fileSystem
        try world.write("moved", to: "from/file")
        try world.write("kept", to: "to/taken")
        try fileSystem.makeDirectory(world.root.appending("to/empty"))
        let source = world.root.appending("from/file")
        for taken in ["to/taken", "to/empty"] {
            world.expectFailure("FILE_EXISTS") { try fileSystem.rename(source, to: world.root.appending(taken)) }
        }
        #expect(try world.text(of: "to/taken") == "kept")
        try fileSystem.rename(source, to: world.root.appending("to/file"))
        #expect(try fileSystem.status(source) == nil)
        #expect(try world.text(of: "to/file") == "moved")
        world.expectFailure("FILE_EXISTS") {
            try fileSystem.rename(world.root.appending("from"), to: world.root.appending("to"))
        }
        try fileSystem.rename(world.root.appending("to"), to: world.root.appending("from/to"))
        #expect(try world.text(of: "from/to/file") == "moved")
        world.expectFailure("IO_ERROR") {
            try fileSystem.rename(world.root.appending("from"), to: world.root.appending("from/to/from"))
        }
    }

    @Sendable private static func deletesATreeOnlyWhenAsked(_ world: FileSystemWorld) throws {
        for name in ["tree/a", "tree/b/c", "tree/b/d/e"] { try world.write(name, to: name) }
        let tree = world.root.appending("tree")
        world.expectFailure("DIRECTORY_NOT_EMPTY") { try world.fileSystem.delete(tree, recursive: false) }
        #expect(try world.text(of: "tree/b/d/e") == "tree/b/d/e")
        #expect(try world.fileSystem.delete(tree.appending("a"), recursive: false))
        #expect(try world.fileSystem.delete(tree, recursive: true))
        #expect(try world.fileSystem.status(tree) == nil)
        try world.fileSystem.makeDirectory(tree)
        #expect(try world.fileSystem.delete(tree, recursive: false))
        world.expectFailure("PERMISSION_DENIED") {
            try world.fileSystem.delete(FileLocation(scheme: world.root.scheme, path: "/"), recursive: true)
        }
    }

    @Sendable private static func keepsWhatAReaderOpened(_ world: FileSystemWorld) throws {
        try world.write("before", to: "file")
        let file = try world.fileSystem.open(world.root.appending("file"))
        try world.fileSystem.delete(world.root.appending("file"), recursive: false)
        var buffer = [UInt8](repeating: 0, count: 6)
        let taken = try buffer.withUnsafeMutableBytes { try file.read(at: 0, count: 6, into: $0.baseAddress!) }
        #expect(String(decoding: buffer.prefix(taken), as: UTF8.self) == "before")
    }

    @Sendable private static func tellsWhereBytesAre(_ world: FileSystemWorld) throws {
        try world.write("0123456789", to: "file")
        let blocks = try world.fileSystem.locations(of: world.root.appending("file"), range: 2..<99)
        #expect(blocks.map(\.range) == [2..<10])
        #expect(blocks.map(\.hosts) == [world.hosts])
        #expect(blocks.allSatisfy { $0.racks.isEmpty || $0.racks.count == $0.hosts.count })
        #expect(try world.fileSystem.locations(of: world.root.appending("file"), range: 10..<20).isEmpty)
        world.expectFailure("FILE_NOT_FOUND") {
            _ = try world.fileSystem.locations(of: world.root.appending("nothing"), range: 0..<1)
        }
    }

    @Sendable private static func letsOneOfManyWritersWin(_ world: FileSystemWorld) async throws {
        try world.fileSystem.makeDirectory(world.root.appending("race"))
        let winners = await withTaskGroup(of: Int.self) { group in
            for writer in 0..<8 {
                group.addTask {
                    let source = world.root.appending("race/source\(writer)")
                    try? world.write("\(writer)", to: "race/source\(writer)")
                    let won = (try? world.fileSystem.rename(source, to: world.root.appending("race/target"))) != nil
                    return won ? 1 : 0
                }
            }
            return await group.reduce(0, +)
        }
        #expect(winners == 1)
        #expect(try world.fileSystem.list(world.root.appending("race")).count == 8)
    }
}
