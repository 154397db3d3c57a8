import HoneyHDFSMessages
import HoneyWorld
import SwiftProtobuf
import Testing

@testable import HoneyHDFS

struct NameNodeCheckTests {
    private func begin(_ world: NameNodeWorld, _ path: String, user: String = "hdfs") -> CheckProgress {
        var options = FileSystemCheck.Options()
        options.files = true
        return world.node.beginCheck(path, options: options, startAfter: 0, user: user, host: "h", at: world.now)
    }

    /// Goes on to the end, `between` steps of so many entries.
    private func text(
        _ world: NameNodeWorld, _ path: String, user: String = "hdfs", step: Int = 2000, between: () throws -> Void = {}
    ) throws -> String {
        var progress = begin(world, path, user: user)
        while case .running(let check) = progress {
            progress = world.node.advance(check, by: step, at: world.now)
            try between()
        }
        guard case .done(let text, _) = progress else { return "" }
        return text
    }

    @Test func aCheckMeetsAllInOrderHoweverSmallItsSteps() throws {
        let world = NameNodeWorld()
        for path in ["/a/b/c", "/a/d", "/e"] { try world.makeDirectory(path) }
        for path in ["/a/b/f", "/a/b/c/g", "/h"] { try world.touch(path) }
        let whole = try text(world, "/")
        for step in 1...9 { #expect(try text(world, "/", step: step) == whole, "\(step)") }
        let paths = whole.split(separator: "\n").compactMap { $0.hasPrefix("/") ? $0.prefix { $0 != " " } : nil }
        #expect(paths == ["/", "/a", "/a/b", "/a/b/c", "/a/b/c/g", "/a/b/f", "/a/d", "/e", "/h"])
        #expect(whole.contains(" Total dirs:\t\t\t6\n") && whole.contains(" Total files:\t3\n"))
        #expect(try text(world, "/a/b").hasSuffix("The filesystem under path '/a/b' is HEALTHY"))
        #expect(try text(world, "/none").hasSuffix("Path '/none' does not exist"))
    }

    @Test func aTreeMayChangeDuringACheck() throws {
        let world = NameNodeWorld()
        for index in 0..<20 { try world.touch("/d/\(10 + index)/f") }
        var index = 0
        let found = try text(world, "/d", step: 1) {
            if index < 20 { _ = try world.delete("/d/\(29 - index)") }
            index += 1
        }
        #expect(found.contains("/d/10 <dir>") && !found.contains("/d/29 <dir>"))
        #expect(found.hasSuffix("is HEALTHY"))
    }

    @Test func aTreeOfAnyDepthIsChecked() throws {
        let world = NameNodeWorld()
        let steps = String(repeating: "/d", count: 900)
        try world.makeDirectory(steps)
        for _ in 0..<4 {
            try world.makeDirectory("/next" + steps)
            #expect(try world.rename("/d", to: "/next" + steps + "/d"))
            #expect(try world.rename("/next", to: "/d"))
        }
        #expect(try text(world, "/").hasSuffix("The filesystem under path '/' is HEALTHY"))
    }

    @Test func whoMayNotReadADirectoryCannotCheckIt() throws {
        let world = NameNodeWorld()
        try world.makeDirectory("/open/secret/deep")
        let _: WireSetPermissionResponse = try world.ask(
            "setPermission",
            WireSetPermissionRequest.with {
                $0.src = "/open/secret"
                $0.permission.perm = 0o700
            })
        let refused = try text(world, "/open", user: "ann")
        #expect(refused.contains("Permission denied") && refused.hasSuffix("Fsck on path '/open' FAILED"))
        #expect(try text(world, "/open/secret/deep", user: "ann").hasSuffix("FAILED"))
        #expect(try text(world, "/open").hasSuffix("is HEALTHY"))
    }
}
