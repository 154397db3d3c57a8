import HoneyHDFSMessages
import HoneyWorld
import NIOCore
import SwiftProtobuf
import Testing

@testable import HoneyHDFS

/// What a NameNode must bear: absurd numbers, paths, clocks and disks.
struct NameNodeFaultTests {
    private func expect(_ name: String, _ body: () throws -> Void) {
        #expect("fails with \(name)") { try body() } throws: { ($0 as? RemoteException)?.shortName == name }
    }

    @Test func theGreatestNumbersAreKeptByTheLog() throws {
        let world = NameNodeWorld()
        try world.touch("/file")
        let _: WireSetTimesResponse = try world.ask(
            "setTimes",
            WireSetTimesRequest.with {
                $0.src = "/file"
                $0.mtime = UInt64(Int64.max)
                $0.atime = UInt64(Int64.max) - 1
            })
        world.restart()
        let status = try #require(try world.status("/file"))
        #expect(status.modificationTime == UInt64(Int64.max) && status.accessTime == UInt64(Int64.max) - 1)
        try world.node.checkpoint()
        world.restart()
        #expect(try world.status("/file")?.modificationTime == UInt64(Int64.max))
    }

    @Test func blocksOfAbsurdSizeAreRefused() throws {
        let world = NameNodeWorld()
        try world.startDatanode()
        let (id, block) = try world.beginFile("/file")
        for size in [1 << 62, Int.max, 1 << 48] {
            let absurd = Block(id: block.id, generationStamp: block.generationStamp, size: size)
            expect("IOException") { _ = try world.complete("/file", id, absurd) }
            expect("IOException") {
                let _: WireFsyncResponse = try world.ask(
                    "fsync",
                    WireFsyncRequest.with {
                        $0.src = "/file"
                        $0.client = "writer"
                        $0.fileID = id
                        $0.lastBlockLength = Int64(size)
                    })
            }
            expect("IOException") {
                let _: WireAddBlockResponse = try world.ask(
                    "addBlock",
                    WireAddBlockRequest.with {
                        $0.src = "/file"
                        $0.clientName = "writer"
                        $0.fileID = id
                        $0.previous = absurd.extended(pool: "p")
                    })
            }
        }
        // Nor is a generation stamp that was never handed out, after which there would be no others.
        expect("IOException") {
            let _: WireUpdatePipelineResponse = try world.ask(
                "updatePipeline",
                WireUpdatePipelineRequest.with {
                    $0.clientName = "writer"
                    $0.oldBlock = block.extended(pool: "p")
                    $0.newBlock = Block(id: block.id, generationStamp: .max, size: 0).extended(pool: "p")
                })
        }
        try world.write("/other", bytes: 5)
        world.restart()
        #expect(try world.status("/file")?.length == 0 && world.status("/other")?.length == 5)
        #expect(world.failure == nil)
    }

    @Test func storagesOfAbsurdSizeCanBeSummedUp() throws {
        let world = NameNodeWorld()
        try world.startDatanode(capacity: .max)
        try world.beat(capacity: .max)
        let stats: WireGetFsStatsResponse = try world.ask("getFsStats", WireGetFsStatusRequest())
        #expect(stats.capacity > 0)
    }

    @Test func reservedPathsHaveAnEnd() throws {
        let world = NameNodeWorld()
        try world.makeDirectory("/a")
        #expect(try world.status(String(repeating: "/.reserved/raw", count: 300) + "/a")?.fileType == .isDir)
        expect("IOException") { _ = try world.status(String(repeating: "/.reserved/raw", count: 40_000) + "/a") }
        expect("IOException") { _ = try world.status(String(repeating: "/a", count: 1001)) }
        let id = try #require(try world.status("/a")).fileID
        #expect(try world.status("/.reserved/raw/.reserved/.inodes/\(id)")?.fileID == id)
        #expect(try world.status("/.reserved/.inodes/\(id)/..")?.fileID == Namespace.rootID)
    }

    @Test func treesOfAnyDepthAreWalked() throws {
        let world = NameNodeWorld()
        let steps = String(repeating: "/d", count: 900)
        try world.makeDirectory(steps)
        for index in 0..<25 {
            try world.makeDirectory("/next" + steps)
            #expect(try world.rename("/d", to: "/next" + steps + "/d"), "\(index)")
            #expect(try world.rename("/next", to: "/d"))
        }
        let request = WireGetContentSummaryRequest.with { $0.path = "/" }
        let summary: WireGetContentSummaryResponse = try world.ask("getContentSummary", request, user: "hdfs")
        #expect(summary.summary.directoryCount > 22_000)
        try world.node.checkpoint()
        world.restart()
        #expect(world.failure == nil)
        #expect(try world.delete("/d") && world.tree().isEmpty)
    }

    @Test func whatIsNotStoredIsRefusedAndNoMore() throws {
        let world = NameNodeWorld()
        for kind in [WireReadStorageRequest.Kind.image, .edits] {
            expect("FileNotFoundException") {
                let _: WireReadStorageResponse = try world.ask(
                    "readStorage",
                    WireReadStorageRequest.with {
                        $0.kind = kind
                        $0.txID = 12_345
                        $0.offset = 0
                        $0.count = 10
                    }, to: .namenode)
            }
        }
        try world.touch("/alive")
        #expect(world.failure == nil)
    }

    @Test func aDirectoryThatFailsIsDroppedWhoeverReadsIt() throws {
        let world = NameNodeWorld(disks: 2)
        try world.touch("/before")
        world.disk.isBroken = true
        let manifest: WireGetEditLogManifestResponse = try world.ask(
            "getEditLogManifest", WireGetEditLogManifestRequest.with { $0.sinceTxID = 1 }, to: .namenode)
        #expect(manifest.manifest.logs.count == 1)
        try world.touch("/after")
        #expect(world.failure == nil && world.warnings.contains { $0.contains("name0 is dropped") })
        // It is behind now, and is filled again.
        world.disk.isBroken = false
        world.restart()
        #expect(try world.tree() == ["/after", "/before"])
        world.disks[1].isBroken = true
        world.restart()
        #expect(try world.tree() == ["/after", "/before"])
    }

    @Test func groupsAreAskedForAgainAfterAWhile() throws {
        let world = NameNodeWorld()
        try world.makeDirectory("/shared")
        let _: WireSetOwnerResponse = try world.ask(
            "setOwner",
            WireSetOwnerRequest.with {
                $0.src = "/shared"
                $0.groupname = "staff"
            })
        let _: WireSetPermissionResponse = try world.ask(
            "setPermission",
            WireSetPermissionRequest.with {
                $0.src = "/shared"
                $0.permission = .with { $0.perm = 0o770 }
            })
        expect("AccessControlException") { try world.touch("/shared/file", user: "ann") }
        world.groups["ann"] = ["staff"]
        expect("AccessControlException") { try world.touch("/shared/file", user: "ann") }
        world.pass(seconds: 400, step: 100)
        try world.touch("/shared/file", user: "ann")
        world.groups["ann"] = []
        let refresh = WireRefreshUserToGroupsMappingsRequest()
        expect("AccessControlException") {
            let _: WireRefreshUserToGroupsMappingsResponse = try world.ask(
                "refreshUserToGroupsMappings", refresh, user: "ann", to: .userMappings)
        }
        let _: WireRefreshUserToGroupsMappingsResponse = try world.ask(
            "refreshUserToGroupsMappings", refresh, to: .userMappings)
        expect("AccessControlException") { try world.touch("/shared/other", user: "ann") }
    }

    @Test func whatFindsItsWorkDoneWaitsUntilThatIsDurable() throws {
        let world = NameNodeWorld()
        let request = WireMkdirsRequest.with {
            $0.src = "/made"
            $0.masked.perm = 0o755
            $0.createParent = true
        }
        let first = world.send("mkdirs", request)
        // Its client heard nothing and asks again.
        let second = world.send("mkdirs", request)
        #expect(world.reply(first) == nil && world.reply(second) == nil)
        world.finishSyncs()
        #expect(world.reply(first) != nil && world.reply(second) != nil)
    }

    @Test(arguments: [false, true]) func aRecoveryGoesOnAfterARestart(isAskedFor: Bool) throws {
        let world = NameNodeWorld()
        try world.startDatanode()
        _ = try world.beginFile("/left")
        #expect(try !world.recoverLease(of: "/left"))
        world.restart()
        try world.startDatanode()
        let file = try #require(
            world.node.namespace?.leases.files.first.flatMap { world.node.namespace?.inode($0)?.file })
        #expect(file.blocks.last?.state != .underRecovery)
        if isAskedFor {
            expect("RecoveryInProgressException") {
                let _: WireAppendResponse = try world.ask(
                    "append",
                    WireAppendRequest.with {
                        $0.src = "/left"
                        $0.clientName = "another"
                    })
            }
        } else {
            world.pass(seconds: 2)
        }
        #expect(file.blocks.last?.state == .underRecovery)
    }

    @Test func whatNobodyHasIsGivenUpWhereAllNodesAreKnown() throws {
        let world = NameNodeWorld { $0.knowsAllDataNodes = true }
        try world.startDatanode()
        _ = try world.beginFile("/left")
        world.restart()
        try world.startDatanode()
        #expect(try world.recoverLease(of: "/left"))
        #expect(try world.status("/left")?.length == 0)
    }

    @Test func aBlockWhoseNodeWasReplacedIsGivenUp() throws {
        let world = NameNodeWorld()
        try world.startDatanode()
        _ = try world.beginFile("/gone")
        // Its node may come back with what was written.
        #expect(try !world.recoverLease(of: "/gone"))
        try world.replaceDatanode()
        #expect(try world.recoverLease(of: "/gone"))
    }

    @Test func aFileThatCannotBeReleasedIsTalkedOfOnce() throws {
        let world = NameNodeWorld()
        try world.startDatanode()
        let (id, block) = try world.beginFile("/stuck")
        #expect(try !world.complete("/stuck", id, Block(id: block.id, generationStamp: block.generationStamp, size: 9)))
        world.pass(seconds: 1300, step: 100)
        world.pass(seconds: 20)
        #expect(world.warnings.count { $0.contains("/stuck cannot be released") } == 1)
    }

    @Test func aClockBefore1970IsBorne() throws {
        let world = NameNodeWorld(wall: -86_400_000)
        try world.touch("/old")
        #expect(try world.status("/old")?.modificationTime == 0)
        world.restart()
        #expect(try world.status("/old")?.modificationTime == 0)
    }

    @Test func anEditThatDoesNotFitEndsTheNameNode() throws {
        let world = NameNodeWorld()
        try world.touch("/file")
        #expect(throws: RemoteException.self) { try world.node.perform(.delete(inode: 99_999, time: 1)) }
        world.pass(seconds: 1)
        #expect(world.failure?.contains("does not fit") == true)
        world.restart()
        #expect(try world.tree() == ["/file"])
    }

    // MARK: Starting

    @Test func aDamagedImageIsReplacedByTheOneBeforeAndTheLog() throws {
        let world = NameNodeWorld()
        for index in 0..<3 {
            try world.touch("/file\(index)")
            try world.node.checkpoint()
        }
        try world.touch("/last")
        let newest = try #require(world.disk.contents.last { $0.path.contains("fsimage_") })
        newest.file.bytes[newest.file.bytes.count / 2] ^= 4
        newest.file.durable = newest.file.bytes
        world.crash()
        #expect(world.failure == nil)
        #expect(try world.tree() == ["/file0", "/file1", "/file2", "/last"])
        // There are two good ones again.
        let images = world.disk.contents.filter { $0.path.contains("fsimage_") }
        #expect(images.count == 2)
        for (path, file) in images { try ImageReader(file: file, path: path).verify() }
    }

    @Test func aSegmentTornAtItsMakingIsAnEmptyOne() throws {
        for kept in [0, 5, 24] {
            let world = NameNodeWorld()
            try world.touch("/file")
            world.restart()
            let segment = try #require(world.disk.contents.last { $0.path.contains("inprogress") }).file
            segment.bytes = Array(repeating: 0, count: kept)
            segment.durable = segment.bytes
            world.crash()
            #expect(try world.tree() == ["/file"], "\(kept)")
            #expect(world.failure == nil)
        }
        // But one with records in it was whole once.
        let world = NameNodeWorld()
        try world.touch("/file")
        let segment = try #require(world.disk.contents.last { $0.path.contains("inprogress") }).file
        segment.bytes[3] ^= 1
        segment.durable = segment.bytes
        world.crash()
        #expect(world.failure?.contains("header") == true)
    }

    @Test(arguments: [1, 2]) func theLogIsReadOnceAtTheStart(disks: Int) throws {
        let world = NameNodeWorld(disks: disks)
        for index in 0..<50 { try world.touch("/file\(index)") }
        let segments = world.disks.map { disk in disk.contents.last { $0.path.contains("inprogress") }!.file }
        for segment in segments { segment.bytesRead = 0 }
        world.restart()
        // And once more where it is written anew.
        for segment in segments { #expect(segment.bytesRead == 2 * segment.bytes.count) }
        #expect(try world.tree().count == 50)
    }

    @Test func aDirectoryWithMoreOfTheLogCompletesTheOther() throws {
        for shorter in [0, 1] {
            let world = NameNodeWorld(disks: 2)
            try world.touch("/first")
            let before = world.disks[shorter].contents.last { $0.path.contains("inprogress") }!.file.bytes
            try world.touch("/second")
            let segment = world.disks[shorter].contents.last { $0.path.contains("inprogress") }!.file
            segment.bytes = before
            segment.durable = before
            world.crash()
            #expect(try world.tree() == ["/first", "/second"])
            world.disks[1 - shorter].isBroken = true
            world.restart()
            #expect(try world.tree() == ["/first", "/second"])
        }
    }

    // MARK: Who calls

    @Test func nobodyActsForAnotherUnlessHeMay() throws {
        let world = NameNodeWorld {
            $0.impersonation = Impersonation(properties: [
                "hadoop.proxyuser.hive.groups": "staff,etl", "hadoop.proxyuser.hive.hosts": "10.0.0.0/24",
                "hadoop.proxyuser.far.users": "*", "hadoop.proxyuser.far.hosts": "192.168.1.1",
            ])
        }
        world.groups["ann"] = ["etl"]
        func status(_ user: String, by realUser: String) throws {
            let _: WireGetFileInfoResponse = try world.ask(
                "getFileInfo", WireGetFileInfoRequest.with { $0.src = "/" }, user: user, realUser: realUser)
        }
        try status("ann", by: "hive")
        #expect("refused as Hadoop does") { try status("hdfs", by: "hive") } throws: {
            $0 as? RemoteException
                == RemoteException(
                    "org.apache.hadoop.security.authorize.AuthorizationException",
                    "User: hive is not allowed to impersonate hdfs")
        }
        #expect("refused as Hadoop does") { try status("ann", by: "far") } throws: {
            ($0 as? RemoteException)?.message == "Unauthorized connection for super-user: far from IP 10.0.0.9"
        }
        expect("AuthorizationException") { try status("hdfs", by: "eve") }
    }

    @Test func aConnectionThatSaysNothingIsClosed() throws {
        let world = NameNodeWorld()
        let silent = world.effects.makeConnection()
        world.deliver(.accepted(silent, wire: .rpc, from: .tcp(host: "10.0.0.7", port: 1)))
        try world.touch("/file")
        world.pass(seconds: 59)
        #expect(world.closed.isEmpty)
        world.pass(seconds: 3)
        #expect(world.closed == [silent])
        try world.touch("/still")
    }

    @Test func anUploadThatIsOvertakenIsRefused() throws {
        let world = NameNodeWorld()
        try world.touch("/file")
        let version = world.node.loaded!.log.version
        func write(_ transaction: UInt64, at offset: UInt64) throws {
            let _: WireWriteImageResponse = try world.ask(
                "writeImage",
                WireWriteImageRequest.with {
                    $0.signature = .with {
                        $0.blockPoolID = version.blockPoolID
                        $0.mostRecentCheckpointTxID = 0
                        $0.curSegmentTxID = 1
                        $0.storageInfo = world.node.blockManager!.identity.storageInfo
                    }
                    $0.txID = transaction
                    $0.offset = offset
                    $0.bytes = .init(repeating: 1, count: 10)
                }, to: .namenode)
        }
        let transaction = UInt64(world.node.transactions.durable)
        try write(transaction, at: 0)
        try write(transaction, at: 10)
        try world.node.checkpoint()
        expect("IOException") { try write(transaction, at: 20) }
        try world.touch("/more")
        try write(UInt64(world.node.transactions.durable), at: 0)
        // The image of an older transaction that comes meanwhile does not remove what was received.
        try world.node.loaded!.log.directories[0].purge()
        #expect(world.disk.contents.contains { $0.path.contains("fsimage.ckpt_") })
        #expect(world.failure == nil)
    }
}
