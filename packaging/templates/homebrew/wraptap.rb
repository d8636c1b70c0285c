class Wraptap < Formula
  desc "Diagnostic HTTP proxy that says why an SDK's request was refused"
  homepage "@REPOSITORY@"
  version "@VERSION@"
  license any_of: ["MIT", "Apache-2.0"]

  # @if MACOS_ARM64@
  on_macos do
    on_arm do
      url "@DOWNLOAD@/wraptap-@VERSION@-aarch64-apple-darwin.tar.gz"
      sha256 "@MACOS_ARM64@"
    end
  end
  # @end@
  # @if MACOS_X64@
  on_macos do
    on_intel do
      url "@DOWNLOAD@/wraptap-@VERSION@-x86_64-apple-darwin.tar.gz"
      sha256 "@MACOS_X64@"
    end
  end
  # @end@
  # @if LINUX_ARM64@
  on_linux do
    on_arm do
      url "@DOWNLOAD@/wraptap-@VERSION@-aarch64-unknown-linux-musl.tar.gz"
      sha256 "@LINUX_ARM64@"
    end
  end
  # @end@
  # @if LINUX_X64@
  on_linux do
    on_intel do
      url "@DOWNLOAD@/wraptap-@VERSION@-x86_64-unknown-linux-musl.tar.gz"
      sha256 "@LINUX_X64@"
    end
  end
  # @end@

  def install
    bin.install "wraptap"
    man1.install Dir["man/*.1"]
    bash_completion.install "completions/wraptap.bash" => "wraptap"
    fish_completion.install "completions/wraptap.fish"
    zsh_completion.install "completions/_wraptap"
  end

  test do
    assert_match version.to_s, shell_output("#{bin}/wraptap --version")
    system bin/"wraptap", "demo"
  end
end
