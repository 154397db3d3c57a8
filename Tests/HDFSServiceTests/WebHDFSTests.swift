import Foundation
import HoneyCore
import NIOCore
import NIOHTTP1
import Testing

@testable import HoneyHDFSService

/// Requests as any client of WebHDFS sends them.
struct WebHDFSTests {
    private func send(_ operation: String, _ path: String, user: String = SystemUsers.currentName) async throws
        -> ServiceWorld.Answer
    { try await ServiceWorld.webHDFS(.GET, path, operation, user: user) }

    @Test func makesListsMovesAndRemovesNames() async throws {
        let made = try await ServiceWorld.webHDFS(.PUT, "/names/a%20b/%C3%A9", "mkdirs&permission=700")
        #expect(made.status == 200 && made.text == #"{"boolean":true}"#)
        #expect(made.headers.first(name: "Content-Type") == "application/json;charset=utf-8")
        let status = try await send("GETFILESTATUS", "/names/a%20b/%C3%A9/").json["FileStatus"]
        #expect(status?["type"] == "DIRECTORY" && status?["permission"] == "700" && status?["pathSuffix"] == "")
        let listed = try await send("LiStStAtUs", "/names").json["FileStatuses"]?["FileStatus"]?.array
        #expect(listed?.map { $0["pathSuffix"] } == ["a b"])
        let batch = try await send("LISTSTATUS_BATCH&startAfter=a", "/names").json["DirectoryListing"]
        #expect(batch?["remainingEntries"] == 0)
        #expect(batch?["partialListing"]?["FileStatuses"]?["FileStatus"]?.array?.count == 1)
        let renamed = try await ServiceWorld.webHDFS(.PUT, "/names/a%20b", "RENAME&destination=/names/c")
        #expect(renamed.json["boolean"] == true)
        let replaced = try await ServiceWorld.webHDFS(
            .PUT, "/names/c", "RENAME&destination=/names/d&renameoptions=OVERWRITE")
        #expect(replaced.status == 200 && replaced.text.isEmpty)
        let refused = try await ServiceWorld.webHDFS(.DELETE, "/names", "DELETE")
        #expect(refused.status == 403)
        #expect(refused.json["RemoteException"]?["exception"] == "PathIsNotEmptyDirectoryException")
        #expect(try await ServiceWorld.webHDFS(.DELETE, "/names", "DELETE&recursive=true").json["boolean"] == true)
        #expect(try await ServiceWorld.webHDFS(.DELETE, "/names", "DELETE&recursive=true").json["boolean"] == false)
    }

    @Test(arguments: [
        ("GETFILESTATUS", "/no/such", "root", 404, "FileNotFoundException", "File does not exist: /no/such"),
        ("LISTSTATUS", "/no/such", "root", 404, "FileNotFoundException", "File /no/such does not exist."),
        ("OPEN", "/no/such", "root", 404, "FileNotFoundException", "File does not exist: /no/such"),
        ("OPEN", "/", "root", 404, "FileNotFoundException", "Path is not a file: /"),
        (
            "NOSUCH", "/", "root", 400, "IllegalArgumentException",
            "Invalid value for webhdfs parameter \"op\": No enum constant org.apache.hadoop.hdfs.web.resources.GetOpParam.Op.NOSUCH"
        ),
        ("", "/", "root", 400, "UnsupportedOperationException", "NULL is not supported"),
        (
            "GETFILESTATUS", "/", "a%2Fb", 400, "IllegalArgumentException",
            "Invalid value for webhdfs parameter \"user.name\": Invalid value: \"a/b\" does not belong to the domain ^[A-Za-z_][A-Za-z0-9._-]*[$]?$"
        ),
        (
            "GETFILESTATUS&doas=ann", "/", "bob", 403, "AuthorizationException",
            "User: bob is not allowed to impersonate ann"
        ),
        (
            "GETSNAPSHOTDIFF", "/", "root", 400, "UnsupportedOperationException",
            "snapshots are not part of this file system: GETSNAPSHOTDIFF"
        ),
        (
            "GET_BLOCK_LOCATIONS&offset=x", "/", "root", 400, "IllegalArgumentException",
            "Invalid value for webhdfs parameter \"offset\": Failed to parse \"x\" as a radix-10 integer."
        ),
    ]) func refusesInHadoopsWay(
        _ operation: String, _ path: String, _ user: String, _ status: UInt, _ exception: String, _ message: String
    ) async throws {
        let answer = try await send(operation, path, user: user)
        #expect(answer.status == status)
        #expect(answer.json["RemoteException"]?["exception"]?.text == exception)
        #expect(answer.json["RemoteException"]?["message"]?.text == message)
    }

    @Test(arguments: ["/a/../b", "/a//b", "/%00", "/a%0"]) func refusesPathsThatAreNone(_ path: String) async throws {
        let answer = try await ServiceWorld.webHDFS(.PUT, path, "MKDIRS")
        #expect(answer.status == 400 && answer.json["RemoteException"] != nil)
    }

    @Test func asksForPermissionAsRPCDoes() async throws {
        let denied = try await ServiceWorld.webHDFS(.PUT, "/denied", "MKDIRS", user: "ann")
        #expect(denied.status == 403)
        #expect(denied.json["RemoteException"]?["exception"] == "AccessControlException")
        _ = try await ServiceWorld.webHDFS(.PUT, "/open", "MKDIRS&permission=777")
        #expect(try await ServiceWorld.webHDFS(.PUT, "/open/ann", "MKDIRS", user: "ann").status == 200)
        #expect(try await send("GETFILESTATUS", "/open/ann").json["FileStatus"]?["owner"] == "ann")
        #expect(try await send("CHECKACCESS&fsaction=rwx", "/open/ann", user: "bob").status == 403)
        #expect(try await send("CHECKACCESS&fsaction=r-x", "/open/ann", user: "bob").status == 200)
        #expect(try await send("GETHOMEDIRECTORY", "/", user: "ann").text == #"{"Path":"/user/ann"}"#)
    }

    @Test func writesAndReadsBytesThroughDataNodes() async throws {
        let bytes = (0..<3_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 12) }
        let sent = try await ServiceWorld.webHDFS(.PUT, "/bytes/file", "CREATE&replication=2&permission=640")
        #expect(sent.status == 307 && sent.body.readableBytes == 0)
        let created = try await ServiceWorld.follow(.PUT, sent, body: bytes)
        #expect(created.status == 201)
        #expect(created.headers.first(name: "Location")?.hasPrefix("hdfs://127.0.0.1:") == true)
        let status = try await send("GETFILESTATUS", "/bytes/file").json["FileStatus"]
        #expect(status?["length"] == 3_000_000 && status?["replication"] == 2 && status?["permission"] == "640")

        let appending = try await ServiceWorld.webHDFS(.POST, "/bytes/file", "APPEND")
        #expect(try await ServiceWorld.follow(.POST, appending, body: Array("tail".utf8)).status == 200)
        let whole = try await ServiceWorld.follow(.GET, try await send("OPEN", "/bytes/file"))
        #expect(whole.status == 200 && Array(whole.body.readableBytesView) == bytes + Array("tail".utf8))
        let range = try await ServiceWorld.follow(.GET, try await send("OPEN&offset=1048570&length=12", "/bytes/file"))
        #expect(Array(range.body.readableBytesView) == Array(bytes[1_048_570..<1_048_582]))
        #expect(try await send("OPEN&offset=3000004", "/bytes/file").status == 403)

        let told = try await send("OPEN&noredirect=true&offset=3000000", "/bytes/file")
        #expect(told.status == 200)
        #expect(try await ServiceWorld.follow(.GET, told).text == "tail")

        let located = try await send("GETFILEBLOCKLOCATIONS", "/bytes/file").json["BlockLocations"]?["BlockLocation"]
        #expect(located?.array?.map { $0["length"] } == [1_048_576, 1_048_576, 902_852])
        #expect(located?.array?.allSatisfy { $0["names"]?.array?.count == 2 } == true)
        let again = try await ServiceWorld.webHDFS(.PUT, "/bytes/file", "CREATE")
        let refused = try await ServiceWorld.follow(.PUT, again, body: [1])
        #expect(refused.status == 403)
        #expect(refused.json["RemoteException"]?["exception"] == "FileAlreadyExistsException")
    }

    @Test func keepsAttributesAndAccessControl() async throws {
        _ = try await ServiceWorld.webHDFS(.PUT, "/attributes", "MKDIRS")
        let set = try await ServiceWorld.webHDFS(
            .PUT, "/attributes", "SETXATTR&xattr.name=user.origin&xattr.value=0x6869&flag=CREATE")
        #expect(set.status == 200)
        let names = try await send("LISTXATTRS", "/attributes").json["XAttrNames"]
        #expect(names == #"["user.origin"]"#)
        for (encoding, value) in [("text", "\"hi\""), ("hex", "0x6869"), ("base64", "0saGk=")] {
            let found = try await send("GETXATTRS&xattr.name=user.origin&encoding=\(encoding)", "/attributes")
            #expect(found.json["XAttrs"]?.array?.first?["value"]?.text == value)
        }
        let listed = try await ServiceWorld.webHDFS(
            .PUT, "/attributes", "SETACL&aclspec=user::rwx,user:ann:r--,group::r-x,other::---")
        #expect(listed.status == 200)
        let entries = try await send("GETACLSTATUS", "/attributes").json["AclStatus"]?["entries"]?.array
        #expect(entries?.contains("user:ann:r--") == true)
        #expect(try await send("GETFILESTATUS", "/attributes").json["FileStatus"]?["aclBit"] == true)
        let bad = try await ServiceWorld.webHDFS(.PUT, "/attributes", "SETACL&aclspec=user:ann:rwz")
        #expect(bad.status == 400)
        _ = try await ServiceWorld.webHDFS(.PUT, "/attributes", "SETQUOTA&namespacequota=7")
        let usage = try await send("GETQUOTAUSAGE", "/attributes").json["QuotaUsage"]
        #expect(usage?["quota"] == 7 && usage?["spaceQuota"] == -1)
    }

    @Test(arguments: [HTTPExchange.Body.sized(100_000), .chunked])
    func closesAFileWhoseBodyIsCutWithWhatCame(_ body: HTTPExchange.Body) async throws {
        let path = body == .chunked ? "/cut/chunked" : "/cut/sized"
        let place = try ServiceWorld.place(of: try await ServiceWorld.webHDFS(.PUT, path, "CREATE"))
        try await ServiceWorld.blocking {
            let exchange = try HTTPExchange(.PUT, place, body: body, on: ServiceWorld.group)
            try exchange.write(ByteBuffer(repeating: 7, count: 5000))
        }
        let isClosed = try await ServiceWorld.eventually {
            let located = try await send("GET_BLOCK_LOCATIONS", path).json["LocatedBlocks"]
            return located?["isUnderConstruction"] == false && located?["fileLength"] == 5000
        }
        #expect(isClosed)
    }
}
