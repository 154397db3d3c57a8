import Foundation
import HoneyCore
import HoneyFiles
import Honeyguide
import Testing

/// File commands as sessions and engines run them.
struct FileCommandTests {
    private static let fixtures = FileLocation(path: testsFolder + "/Fixtures/hadoop")

    private func run(_ arguments: [String]) throws -> (status: Int32, output: String, errors: [String]) {
        var output: [UInt8] = []
        var errors: [String] = []
        let status = try Engine.inMemory().runFileCommand(
            arguments: arguments, input: { [] }, pause: { _ in }, output: { output += $0 },
            errors: { errors.append($0) })
        return (status, String(decoding: output, as: UTF8.self), errors)
    }

    static var decoded: [String] {
        get throws {
            try LocalFileSystem().list(fixtures).map(\.location.name).filter { !$0.hasSuffix(".text") }
        }
    }

    @Test func showsTextsAsHadoopDoes() throws {
        let names = try FileCommandTests.decoded
        #expect(names.count == 26)
        for name in names {
            let own = FileCommandTests.fixtures.appending(name + ".text")
            let shared = FileCommandTests.fixtures.appending(name.prefix { $0 != "_" && $0 != "." } + ".text")
            let expected = try LocalFileSystem().status(own) == nil ? shared : own
            let shown = try run(["-text", FileCommandTests.fixtures.appending(name).description])
            #expect(shown.status == 0, "\(name): \(shown.errors)")
            #expect(
                try shown.output == String(decoding: LocalFileSystem().contents(of: expected), as: UTF8.self), "\(name)"
            )
        }
    }

    @Test func showsPlainFilesAndSaysWhatIsDamaged() throws {
        let files = TemporaryFolder()
        func show(_ bytes: [UInt8], _ name: String) throws -> (status: Int32, output: String, errors: [String]) {
            let location = files.location.appending(name)
            try LocalFileSystem().write(bytes, to: location, overwrite: true)
            return try run(["-text", location.description])
        }
        for text in ["", "x", "SE", "plain"] { #expect(try show(Array(text.utf8), "file").output == text) }
        let fixtures = FileCommandTests.fixtures
        var seed: UInt64 = .random(in: 0 ... .max)
        func random(_ bound: Int) -> Int {
            seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(seed >> 33) % max(bound, 1)
        }
        let start = seed
        for name in try FileCommandTests.decoded {
            let whole = try LocalFileSystem().contents(of: fixtures.appending(name))
            for _ in 0..<8 {
                // Whatever it is, it ends with an answer: some text, or what is wrong.
                var bytes = whole
                bytes[random(bytes.count)] ^= UInt8(1 << random(8))
                bytes.removeLast(random(3) == 0 ? random(bytes.count) : 0)
                let shown = try show(bytes, name)
                #expect(shown.status == 0 || shown.errors.count == 1, "\(name), seed \(start)")
            }
        }
    }

    @Test func takesGenericOptions() throws {
        let files = TemporaryFolder()
        let place = files.location.path
        try LocalFileSystem().write([], to: files.location.appending("a"))
        #expect(try run(["-fs", "file:///", "-ls", "-C", place]).output == place + "/a\n")
        #expect(try run(["-D", "fs.defaultFS=file:///", "-ls", "-C", place]).output == place + "/a\n")
        #expect(try run(["-Dfs.defaultFS=file:/", "-ls", "-C", place]).output == place + "/a\n")
        #expect(try run(["-mkdir", "-p", "/x/y"]).status == 0)
        for (wrong, message) in [
            (["-fs"], "expected a value after an option: -fs"),
            (["-D", "x", "-ls"], "expected name=value after -D: x"),
            (["-D", "fs.trash.interval=soon", "-ls"], "fs.trash.interval must be a number, not 'soon'"),
            (["-fs", "nowhere", "-ls"], "fs.defaultFS must be a URI such as hdfs://host:8020, not 'nowhere'"),
        ] {
            #expect { try run(wrong) } throws: { ($0 as? HoneyError)?.message == message }
        }
    }

    @Test func stopsACommandThatWaits() async throws {
        let session = try Engine.inMemory().makeSession()
        let file = FileLocation(scheme: "memory", path: "/growing")
        try session.engine.extensions.fileSystems.serving(file).write(Array("start\n".utf8), to: file)
        let stopping = Task {
            while !Task.isCancelled {
                session.cancel()
                try await Task.sleep(for: .milliseconds(5))
            }
        }
        defer { stopping.cancel() }
        #expect { try session.execute("dfs -tail -f -s 3600000 memory:/growing") } throws: {
            ($0 as? HoneyError)?.kind == .cancelled
        }
    }

    @Test func movesToTheTrashInSessions() throws {
        let session = try Engine.inMemory().makeSession()
        _ = try session.execute("dfs -mkdir -p memory:/t/u")
        _ = try session.execute("set fs.trash.interval=60")
        let removed = try session.execute("dfs -rm -r memory:/t/u").rows()
        #expect(removed.isEmpty)
        #expect { try session.execute("dfs -ls memory:/t/none") } throws: { error in
            (error as? HoneyError)?.message == "ls: `memory:/t/none': No such file or directory"
        }
    }
}

/// A directory that goes when its user does.
private final class TemporaryFolder {
    let location = FileLocation(path: NSTemporaryDirectory() + "/honey-dfs-\(UUID().uuidString)")

    init() { try? FileManager.default.createDirectory(atPath: location.path, withIntermediateDirectories: true) }
    deinit { try? FileManager.default.removeItem(atPath: location.path) }
}
