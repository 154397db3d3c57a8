import HoneyCore
import HoneyFiles

extension DfsCommand {
    static var moving: [DfsCommand] {
        [
            DfsCommand(
                "mv", "<src> ... <dst>",
                "Moves files and directories within a file system; several of them to a directory."
            ) { try $0.move() },
            DfsCommand(
                "moveFromLocal", "[-f] [-p] [-l] [-d] <localsrc> ... <dst>",
                "Does what -put does, and removes each source when it has been copied."
            ) { try $0.moveFromLocal() },
            DfsCommand("moveToLocal", "<src> <localdst>", "Is not there in Hadoop, and so not here.") { _ in
                throw DfsFailure("Option '-moveToLocal' is not implemented yet.")
            },
        ]
    }
}

extension DfsRun {
    fileprivate func move() throws {
        _ = try options("", 2)
        try DfsCopy(self, to: try remoteTarget()).transfer(expand(arguments)) { source, target in
            guard source.location.scheme == target.location.scheme,
                source.location.authority == target.location.authority
            else { throw DfsFailure(source.text, "Does not match target filesystem") }
            if target.status != nil { throw DfsFailure.exists(target.text) }
            do {
                try source.fileSystem.rename(source.location, to: target.location)
            } catch let error as HoneyError where error.code == "CROSS_DEVICE" {
                try source.fileSystem.copy(source.location, to: target.location, on: target.fileSystem)
                try source.fileSystem.delete(source.location, recursive: true)
            }
        }
    }

    fileprivate func moveFromLocal() throws {
        let options = try options("f p l d")
        let copy = DfsCopy(self, to: try remoteTarget())
        copy.isMove = true
        copy.overwrites = options["f"] != nil
        copy.isLazy = options["l"] != nil
        copy.isDirect = options["d"] != nil
        if options["p"] != nil { copy.preserved = DfsCopy.usualAttributes }
        try copy.copy(localItems())
    }
}
