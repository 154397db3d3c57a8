import Foundation
import Testing

@Suite struct CommandLineTests {
    let honeyguide = Honeyguide()

    @Test func rowsGoToStandardOutputAndTheRestToStandardError() throws {
        let outcome = try honeyguide.run("-e", "select 1, null, 'a'")
        #expect(outcome.output == "1\tNULL\ta\n")
        #expect(outcome.status == 0)
        #expect(outcome.errors.contains("OK\n"))
        #expect(outcome.errors.firstMatch(of: /Time taken: \d+\.\d{3} seconds, Fetched: 1 row\(s\)/) != nil)
    }

    @Test func silentModePrintsRowsOnly() throws {
        let outcome = try honeyguide.run("-S", "-e", "select 1; select 2")
        #expect(outcome.output == "1\n2\n")
        #expect(outcome.errors.isEmpty)
    }

    @Test func aFailedStatementStopsTheScript() throws {
        let outcome = try honeyguide.run("-e", "select 1;\nselct 2;\nselect 3")
        #expect(outcome.output == "1\n")
        #expect(outcome.status == 1)
        #expect(outcome.errors.contains("FAILED: ParseException line 2:1 "), "\(outcome.errors)")
    }

    @Test func unknownNamesAreSemanticErrorsWithTheirPlace() throws {
        let outcome = try honeyguide.run("-e", "select 1;  select * from nowhere")
        #expect(outcome.status == 1)
        #expect(outcome.errors.contains("FAILED: SemanticException line 1:26 "), "\(outcome.errors)")
    }

    @Test func variablesAndSettingsAreReplaced() throws {
        let outcome = try honeyguide.run(
            "--hivevar", "a=4", "--hiveconf", "b=5", "-S", "-e",
            "select ${hivevar:a} + ${hiveconf:b}, '${env:HOME}' = ''")
        #expect(outcome.output == "9\tfalse\n")
    }

    @Test func headersArePrintedWhenAskedFor() throws {
        let outcome = try honeyguide.run("-S", "-e", "set hive.cli.print.header=true; select 1 as a, 2 as b")
        #expect(outcome.output == "a\tb\n1\t2\n")
    }

    @Test func scriptsComeFromFilesAndStandardInput() throws {
        let script = try honeyguide.file(Data("-- a comment; not a statement\nselect ';', 1;\n".utf8))
        #expect(try honeyguide.run("-S", "-f", script).output == ";\t1\n")
        #expect(try honeyguide.run("-S", input: "select 7;").output == "7\n")
        let sourcing = try honeyguide.file(Data("source \(script);".utf8))
        #expect(try honeyguide.run("-S", "-i", script, "-f", sourcing).output == ";\t1\n;\t1\n")
    }

    @Test func emptyAndMissingAndBadFilesAreHandled() throws {
        #expect(try honeyguide.run("-f", try honeyguide.file(Data())).status == 0)
        let missing = try honeyguide.run("-f", "/nowhere/at/all.hql")
        #expect(missing.status == 1)
        #expect(missing.errors.contains("no such file (/nowhere/at/all.hql)"), "\(missing.errors)")
        let bad = try honeyguide.run("-f", try honeyguide.file(Data([0x73, 0x65, 0x0A, 0x61, 0x62, 0xFF, 0x3B])))
        #expect(bad.status == 1)
        #expect(bad.errors.contains("line 2:3 "), "\(bad.errors)")
    }

    @Test func aClosedPipeEndsTheProgramQuietly() throws {
        let shell = Process()
        shell.executableURL = URL(fileURLWithPath: "/bin/bash")
        let many = (0..<14).map { "(select 1 as x union all select 2) t\($0)" }.joined(separator: " cross join ")
        let command =
            "'\(Honeyguide.executable.path)' --home '\(honeyguide.home.path)' "
            + "-e \"select t0.x, 'some text to fill the pipe' from \(many)\" | head -n 1; exit ${PIPESTATUS[0]}"
        shell.arguments = ["-c", command]
        let (output, errors) = (Pipe(), Pipe())
        shell.standardOutput = output
        shell.standardError = errors
        try shell.run()
        let text = output.fileHandleForReading.readDataToEndOfFile()
        let errorText = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        shell.waitUntilExit()
        #expect(text.count > 0)
        #expect(!errorText.contains("FAILED"), "\(errorText)")
        #expect(shell.terminationStatus == 141)
    }

    @Test func wrongArgumentsAreRefused() throws {
        #expect(try honeyguide.run("--nonsense").status == 64)
        #expect(try honeyguide.run("--hivevar", "novalue", "-e", "select 1").status == 64)
        #expect(try honeyguide.run("-e", "select 1", "-f", "x").status == 64)
    }

    @Test func programsAndFileCommandsRun() throws {
        let folder = honeyguide.home.path + "/d"
        let outcome = try honeyguide.run(
            "-S", "-e", "!echo hello; dfs -mkdir -p \(folder); dfs -test -d \(folder); select 2")
        #expect(outcome.output.hasPrefix("hello\n"))
        #expect(outcome.output.hasSuffix("2\n"))
        #expect(outcome.status == 0, "\(outcome.errors)")
    }

    @Test func severalProcessesUseOneHomeAtOnce() throws {
        #expect(try honeyguide.run("-e", "create table t (a int)").status == 0)
        let writers = try (0..<4).map { number in
            try honeyguide.start([
                "-S", "-e", "insert into t values (\(number)); insert into t values (\(number + 10))",
            ])
        }
        for writer in writers {
            let errors = writer.errors.fileHandleForReading.readDataToEndOfFile()
            writer.process.waitUntilExit()
            #expect(writer.process.terminationStatus == 0, "\(String(decoding: errors, as: UTF8.self))")
        }
        let rows = try honeyguide.run("-S", "-e", "select a from t order by a").output
        #expect(rows == "0\n1\n2\n3\n10\n11\n12\n13\n")
    }
}
