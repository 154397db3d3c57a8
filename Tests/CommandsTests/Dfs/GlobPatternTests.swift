@testable import HoneyCommands
import HoneyCore
import HoneyFiles
import Testing

struct GlobPatternTests {
    @Test(arguments: [
        ("a*c", "abbc", true), ("a*c", "ab", false), ("*", "", true), ("?", "", false), ("??", "é!", true),
        ("[a-c]x", "bx", true), ("[^a-c]x", "bx", false), ("[!a]", "b", true), ("[]a]", "]", true),
        ("[a\\-z]", "-", true), ("{a,b*}", "bcd", true), ("{a,b{c,d}}e", "bde", true), ("{a,}b", "b", true),
        ("\\*", "*", true), ("\\*", "a", false), ("a.b", "axb", false), ("*.*", ".hidden", true),
        ("p=[0-9]*", "p=2013", true), ("a,b", "a,b", true), ("x}", "x}", true),
    ])
    func matches(_ pattern: String, _ name: String, _ isMatch: Bool) throws {
        #expect(try GlobPattern(pattern).matches(name) == isMatch)
    }

    @Test func takesTimeInProportionToTheName() throws {
        let pattern = try GlobPattern(String(repeating: "{a*,*a}", count: 20) + "b")
        #expect(!pattern.matches(String(repeating: "a", count: 255)))
    }

    @Test func keepsNamesApartThatOnlyLookAlike() throws {
        #expect(try !GlobPattern("\u{E9}*").matches("e\u{301}x"))
        #expect(try GlobPattern("A*", ignoringCase: true).matches("abc"))
    }

    @Test func spreadsBracesThatHoldASlash() throws {
        #expect(try PathGlob.alternatives(of: "/x/{a,b/c}/d") == ["/x/a/d", "/x/b/c/d"])
        #expect(try PathGlob.alternatives(of: "/{a,b}/{c/d,{e/f,g}}") == ["/{a,b}/c/d", "/{a,b}/e/f", "/{a,b}/g"])
        #expect(try PathGlob.alternatives(of: "/\\{a/b}") == ["/\\{a/b}"])
    }
}
