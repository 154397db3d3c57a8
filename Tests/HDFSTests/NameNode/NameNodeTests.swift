import HoneyHDFSMessages
import HoneyWorld
import NIOCore
import SwiftProtobuf
import Testing

@testable import HoneyHDFS

struct NameNodeTests {
    private func expect(_ name: String, _ body: () throws -> Void) {
        #expect("fails with \(name)") { try body() } throws: { ($0 as? RemoteException)?.shortName == name }
    }

    @Test func namesAreMadeListedMovedAndRemoved() throws {
        let world = NameNodeWorld()
        try world.makeDirectory("/a/b")
        try world.touch("/a/b/file")
        try world.touch("/a/zero")
        #expect(try world.tree() == ["/a/", "/a/b/", "/a/b/file", "/a/zero"])
        #expect(try world.rename("/a/b", to: "/c"))
        #expect(try !world.rename("/nothing", to: "/d"))
        #expect(try world.tree() == ["/a/", "/a/zero", "/c/", "/c/file"])
        #expect(try world.delete("/c") && !world.delete("/c"))
        let status = try #require(try world.status("/a/zero"))
        #expect(status.fileType == .isFile && status.owner == "hdfs" && status.permission.perm == 0o644)
        #expect(try world.status("/c") == nil)
    }

    @Test func settingsHaveHadoopsNames() throws {
        let configuration = try NameNodeConfiguration(properties: [
            "dfs.blocksize": "1048576", "dfs.permissions.enabled": "false", "dfs.heartbeat.interval": "1", "other": "x",
        ])
        #expect(configuration.blockBytes == 1 << 20 && !configuration.enforcesPermissions)
        #expect(configuration.blocks.heartbeatInterval == .seconds(1))
        #expect(throws: (any Error).self) { _ = try NameNodeConfiguration(properties: ["dfs.ls.limit": "many"]) }
        for (text, bytes) in ["64k": 64 << 10, "2M": 2 << 20, " 1g ": 1 << 30, "7": 7, "1t": 1 << 40] {
            #expect(try NameNodeConfiguration(properties: ["dfs.blocksize": text]).blockBytes == bytes, "\(text)")
        }
        for text in ["", "m", "-1m", "1.5m", "1mb", "9999999999g", "8e"] {
            #expect(throws: (any Error).self, "\(text)") {
                _ = try NameNodeConfiguration(properties: ["dfs.blocksize": text])
            }
        }
    }

    @Test func whatMakesNoSenseIsRefusedAsHadoopDoes() throws {
        let world = NameNodeWorld()
        try world.touch("/file")
        expect("FileAlreadyExistsException") { try world.touch("/file") }
        expect("ParentNotDirectoryException") { try world.makeDirectory("/file/below") }
        for path in ["relative", "/a/../b", "/a\0b", "/" + String(repeating: "x", count: 8001)] {
            #expect(throws: RemoteException.self, "\(path.prefix(12))") { try world.makeDirectory(path) }
        }
        expect("RpcNoSuchMethodException") { _ = try world.ask("fly", WireMsyncRequest(), as: WireMsyncResponse.self) }
        #expect(try world.tree() == ["/file"] && world.failure == nil)
    }

    @Test func noEncryptionZoneHoldsAPath() throws {
        let world = NameNodeWorld()
        try world.touch("/file")
        func zone(_ path: String) throws -> WireGetFileInfoResponse {
            try world.ask(
                "getEZForPath", WireGetFileInfoRequest.with { $0.src = path }, as: WireGetFileInfoResponse.self)
        }
        #expect(try zone("/file") == WireGetFileInfoResponse())
        // Hive asks about the partition that it is about to move there.
        #expect(try zone("/nothing/there") == WireGetFileInfoResponse())
    }

    @Test func modesKeepOthersOut() throws {
        let world = NameNodeWorld()
        try world.makeDirectory("/private")
        expect("AccessControlException") { try world.touch("/private/file", user: "ann") }
        expect("AccessControlException") { _ = try world.delete("/private", user: "ann") }
        _ = try world.ask(
            "setPermission",
            WireSetPermissionRequest.with {
                $0.src = "/private"
                $0.permission = .with { $0.perm = 0o777 }
            }, as: WireSetPermissionResponse.self)
        try world.touch("/private/file", user: "ann")
        #expect(try world.status("/private/file")?.owner == "ann")
    }

    @Test func nothingIsAnsweredBeforeTheLogIsDurable() throws {
        let world = NameNodeWorld()
        let number = world.send(
            "mkdirs",
            WireMkdirsRequest.with {
                $0.src = "/a"
                $0.masked = .with { $0.perm = 0o755 }
                $0.createParent = true
            })
        #expect(world.reply(number) == nil)
        world.finishSyncs()
        #expect(world.reply(number) != nil)
        world.send(
            "mkdirs",
            WireMkdirsRequest.with {
                $0.src = "/never"
                $0.masked = .with { $0.perm = 0o755 }
                $0.createParent = true
            })
        world.crash()
        #expect(try world.tree() == ["/a/"])
    }

    @Test func aTornEndOfTheLogIsCutWhereverItIs() throws {
        for kept in stride(from: 0, to: 400, by: 3) {
            let world = NameNodeWorld()
            try world.touch("/kept")
            let before = world.disk.contents.first { $0.path.contains("inprogress") }!.file.size
            world.send("create", NameNodeWorld.creation("/torn"))
            world.crash(torn: "inprogress", kept: before + kept)
            let tree = try world.tree()
            #expect(tree == ["/kept"] || tree == ["/kept", "/torn"], "kept \(kept)")
            try world.touch("/after")
            world.restart()
            #expect(try world.tree() == ["/after"] + tree, "kept \(kept)")
        }
    }

    @Test func damageInsideTheLogStopsTheNameNode() throws {
        let world = NameNodeWorld()
        for index in 0..<20 { try world.touch("/file\(index)") }
        let log = world.disk.contents.first { $0.path.contains("inprogress") }!.file
        log.bytes[log.bytes.count / 2] ^= 1
        world.restart()
        #expect(world.failure?.contains("edits") == true, "\(world.failure ?? "it started")")
    }

    @Test func aBlockAskedForAgainAfterARestartHasPlaces() throws {
        let world = NameNodeWorld()
        try world.addDataNode("10.0.0.1")
        let created: WireCreateResponse = try world.ask("create", NameNodeWorld.creation("/file"))
        let request = WireAddBlockRequest.with {
            $0.src = "/file"
            $0.clientName = NameNodeWorld.creation("/file").clientName
            $0.fileID = created.fs.fileID
        }
        let first: WireAddBlockResponse = try world.ask("addBlock", request)
        world.restart()
        try world.addDataNode("10.0.0.1")
        let again: WireAddBlockResponse = try world.ask("addBlock", request)
        #expect(again.block.b == first.block.b)
        #expect(first.block.locs.count == 1)
        #expect(again.block.locs.map(\.id) == first.block.locs.map(\.id))
        #expect(again.block.storageIds == first.block.storageIds)
    }

    @Test func aRetriedCallIsAnsweredAsTheFirstTime() throws {
        let world = NameNodeWorld()
        let request = WireDeleteRequest.with {
            $0.src = "/file"
            $0.recursive = false
        }
        for restarts in [false, true] {
            try world.touch("/file")
            let number = world.send("delete", request)
            world.finishSyncs()
            try world.touch("/file")
            if restarts { world.restart() }
            world.send("delete", request, number: number)
            world.finishSyncs()
            guard case .success(let body)? = world.reply(number) else {
                Issue.record("no success")
                return
            }
            #expect(try WireDeleteResponse(serializedBytes: Array(body.readableBytesView)).result)
            #expect(try world.tree() == ["/file"])
            _ = try world.delete("/file")
        }
    }

    /// Random changes against a set of paths, with restarts, crashes and images between them.
    @Test func theNameSpaceEqualsAModel() throws {
        let seed = UInt64.random(in: 0...UInt64.max)
        var random = SeededRandom(seed: seed)
        let world = NameNodeWorld()
        var model: Set<String> = []  // directories end with a slash
        func below(_ path: String) -> Set<String> { model.filter { $0.hasPrefix(path + "/") || $0 == path } }
        func path() -> String {
            "/"
                + (0..<Int.random(in: 1...3, using: &random)).map { _ in ["a", "b", "c"].randomElement(using: &random)!
                }
                .joined(separator: "/")
        }
        /// The directories on the way to a path; nil when a file is among them.
        func way(_ path: String) -> [String]? {
            var way: [String] = []
            var prefix = ""
            for part in path.split(separator: "/").dropLast() {
                prefix += "/" + part
                if model.contains(prefix) { return nil }
                way.append(prefix + "/")
            }
            return way
        }
        for step in 0..<600 {
            let target = path()
            switch Int.random(in: 0..<10, using: &random) {
            case 0, 1, 2:
                let fits = way(target) != nil && !model.contains(target)
                #expect(
                    ((try? world.makeDirectory(target)) != nil) == fits, "seed \(seed) step \(step) mkdirs \(target)")
                if fits { model.formUnion(way(target)! + [target + "/"]) }
            case 3, 4, 5:
                let fits = way(target) != nil && !model.contains(target + "/")
                #expect(
                    ((try? world.touch(target, overwrite: true)) != nil) == fits,
                    "seed \(seed) step \(step) create \(target)")
                if fits { model.formUnion(way(target)! + [target]) }
            case 6:
                guard way(target) != nil else {
                    expect("ParentNotDirectoryException") { _ = try world.delete(target) }
                    continue
                }
                #expect(
                    try world.delete(target) == !below(target).isEmpty, "seed \(seed) step \(step) delete \(target)")
                model.subtract(below(target))
            case 7:
                // To a name that is free, below a directory that is there.
                let source = path()
                let parent = target.split(separator: "/").dropLast().map { "/" + $0 }.joined()
                let isFree = below(target).isEmpty && (parent.isEmpty || model.contains(parent + "/"))
                guard isFree, way(source) != nil, !below(source).isEmpty, !(target + "/").hasPrefix(source + "/") else {
                    continue
                }
                #expect(try world.rename(source, to: target), "seed \(seed) step \(step) rename \(source) \(target)")
                let moved = below(source)
                model.subtract(moved)
                model.formUnion(moved.map { target + $0.dropFirst(source.count) })
            case 8: world.crash()
            default:
                guard Int.random(in: 0..<4, using: &random) == 0 else { continue }
                try world.node.checkpoint()
                if Bool.random(using: &random) { world.crash() }
            }
            if step % 20 == 0 { #expect(Set(try world.tree()) == model, "seed \(seed) step \(step)") }
        }
        #expect(Set(try world.tree()) == model, "seed \(seed)")
        #expect(world.failure == nil, "seed \(seed)")
    }
}
