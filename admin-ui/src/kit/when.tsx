import { Text, type TextProps, Tooltip } from '@mantine/core'
import { useFormat } from './use-format.ts'

/** An instant: how long ago it is, with the instant itself on pointing at it; "—" for none. */
export function When({
  at,
  absolute = false,
  ...rest
}: { at: string | null | undefined; absolute?: boolean } & TextProps) {
  const format = useFormat()
  if (!at)
    return (
      <Text span {...rest} aria-hidden={false}>
        —
      </Text>
    )
  const [shown, other] = absolute
    ? [format.instant(at), format.age(at)]
    : [format.age(at), format.instant(at)]
  return (
    <Tooltip label={other} events={{ hover: true, focus: true, touch: true }}>
      <Text span inherit {...rest}>
        <time dateTime={at} title={other}>
          {shown}
        </time>
      </Text>
    </Tooltip>
  )
}
