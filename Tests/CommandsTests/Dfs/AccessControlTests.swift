import HoneyCommands
import HoneyCore
import HoneyFiles
import Testing

/// Who may do what: `-getfacl` and `-setfacl`.
struct AccessControlTests {
    private let files = MemoryFileSystem()

    init() throws {
        try files.write([], to: FileLocation(scheme: "memory", path: "/d/f"))
        try files.setPermissions(FileLocation(scheme: "memory", path: "/d"), to: 0o750)
    }

    private func run(_ line: String) throws -> (status: Int32, output: String, errors: [String]) {
        let shell = DistributedFileSystemShell(
            fileSystems: FileSystems([files]), root: FileLocation(scheme: "memory", path: "/"), workingDirectory: "/")
        var output = ""
        var errors: [String] = []
        let status = try shell.run(
            arguments: line.split(separator: " ").map(String.init),
            output: { output += String(decoding: $0, as: UTF8.self) }, errors: { errors.append($0) })
        return (status, output, errors)
    }

    private func entries(_ path: String) throws -> [String] {
        try run("-getfacl \(path)").output.split(separator: "\n").filter { !$0.hasPrefix("#") }.map(String.init)
    }

    @Test func showsTheMode() throws {
        #expect(
            try run("-getfacl /d").output
                == "# file: /d\n# owner: honey\n# group: honey\nuser::rwx\ngroup::r-x\nother::---\n\n")
        #expect(try run("-chmod 1777 /d").status == 0)
        #expect(try run("-getfacl /d").output.contains("# flags: --t\n"))
        #expect(try run("-chmod o-x /d").status == 0)
        #expect(try run("-getfacl /d").output.contains("# flags: --T\n"))
    }

    @Test func addsAndRemovesEntries() throws {
        #expect(try run("-setfacl -m user:bob:rw-,group:bees:--x /d").status == 0)
        #expect(
            try entries("/d") == [
                "user::rwx", "user:bob:rw-", "group::r-x", "group:bees:--x", "mask::rwx", "other::---",
            ])
        #expect(try run("-ls -d /d").output.hasPrefix("drwxrwx---+"))
        // The mode's group bits are the mask from now on.
        #expect(try run("-chmod g=r /d").status == 0)
        #expect(
            try entries("/d") == [
                "user::rwx", "user:bob:rw-\t#effective:r--", "group::r-x\t#effective:r--",
                "group:bees:--x\t#effective:---", "mask::r--", "other::---",
            ])
        #expect(try run("-setfacl -x group:bees /d").status == 0)
        #expect(try entries("/d") == ["user::rwx", "user:bob:rw-", "group::r-x", "mask::rwx", "other::---"])
        #expect(try run("-setfacl -x user:bob /d").status == 0)
        #expect(try entries("/d") == ["user::rwx", "group::r-x", "mask::r-x", "other::---"])
        #expect(try run("-setfacl -b /d").status == 0)
        #expect(try entries("/d") == ["user::rwx", "group::r-x", "other::---"])
        #expect(try run("-ls -d /d").output.hasPrefix("drwxr-x---  "))
    }

    @Test func completesDefaults() throws {
        #expect(try run("-setfacl -m user:ann:r--,mask::r-x /d").status == 0)
        #expect(try run("-setfacl -m default:user:bob:rwx /d").status == 0)
        // What is for access is as it was, mask and all.
        #expect(
            try entries("/d") == [
                "user::rwx", "user:ann:r--", "group::r-x", "mask::r-x", "other::---", "default:user::rwx",
                "default:user:bob:rwx", "default:group::r-x", "default:mask::rwx", "default:other::---",
            ])
        #expect(try run("-setfacl -k /d").status == 0)
        #expect(try entries("/d").contains { $0.hasPrefix("default") } == false)
    }

    @Test func replacesAllEntries() throws {
        #expect(try run("-setfacl -m user:ann:r-- /d").status == 0)
        #expect(try run("-setfacl --set user::rw-,group::r--,other::r--,user:bob:--x /d").status == 0)
        #expect(try entries("/d") == ["user::rw-", "user:bob:--x", "group::r--", "mask::r-x", "other::r--"])
        #expect(try run("-setfacl --set user:bob:--x /d").status == 1)
    }

    @Test func leavesDefaultsToDirectories() throws {
        #expect(try run("-setfacl -R -m user:bob:r--,default:user:bob:r-- /d").status == 0)
        #expect(try entries("/d/f") == ["user::rw-", "user:bob:r--", "group::r--", "mask::r--", "other::r--"])
        #expect(try entries("/d").count == 10)
    }

    @Test func refusesWhatMakesNoSense() throws {
        for (line, error) in [
            ("-setfacl -m nobody:x:rwx /d", "-setfacl: Invalid type of acl in <aclSpec> :nobody:x:rwx"),
            ("-setfacl -m user:x:rwz /d", "-setfacl: Invalid permission in <aclSpec> : user:x:rwz"),
            ("-setfacl -x user:x:rwx /d", "-setfacl: Invalid <aclSpec> : user:x:rwx"),
            ("-setfacl /d", "-setfacl: Expected one of -b, -k, -m, -x or --set options"),
            ("-getfacl", "-getfacl: <path> is missing"),
        ] {
            let refused = try run(line)
            #expect(refused.status == 255 && refused.errors.first == error, "\(line)")
        }
    }
}
